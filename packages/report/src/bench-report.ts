/** The two benchmarks as HTML: the plot, what it shows, every figure, and where it was measured. */
import type { LayerRow, ModelRow } from '@hetconv/bench';
import { type Comparison, figure, interval, times } from './format.ts';
import { factList, htmlTable } from './page.ts';
import { type Bar, speedupBars } from './speedup-bars.ts';

/** What `hetconv bench --json` writes. */
export interface BenchResult<Row> {
  readonly environment: Readonly<Record<string, unknown>>;
  readonly rows: readonly Row[];
}

const LEGEND =
  '<p>Blue bar: measured speed-up (red: slower). Thin line: its 95 % interval. Orange mark: the ratio of multiplications, ' +
  'which is what the paper promises; the figures beside a bar are these two. Dashed line: as fast as standard convolution.</p>';

export function layerTitle({ rows }: BenchResult<LayerRow>): string {
  const { batch, height, width, in: inChannels, out, kernel, stride } = rows[0];
  return `HetConv, one layer: ${batch}x${height}x${width}x${inChannels} → ${out}, ${kernel}x${kernel}, stride ${stride}`;
}

/** @param document what the plot is made with: the page's own, or that of a DOM library */
export function layerSection({ environment, rows }: BenchResult<LayerRow>, document: Document): string {
  const table = htmlTable(
    [...COMPARED, 'HetConv ms', 'dense ms', 'depthwise + pointwise ms', 'composed ms', 'GFLOP/s', 'worst r', 'variant'],
    rows.map((row) => [
      ...compared(row),
      figure(row.medianMs),
      figure(row.denseMedianMs),
      figure(row.depthwisePointwiseMedianMs),
      figure(row.composedMedianMs),
      figure(row.gflops),
      figure(row.worstRatio),
      row.variant,
    ]),
  );
  return section(rows, table, environment, document);
}

export function modelTitle({ rows }: BenchResult<ModelRow>): string {
  const { model, batch } = rows[0];
  return `HetConv, ${model}: real images, ${batch === 1 ? 'one at a time' : `${batch} at a time`}`;
}

/** @param document what the plot is made with: the page's own, or that of a DOM library */
export function modelSection({ environment, rows }: BenchResult<ModelRow>, document: Document): string {
  const table = htmlTable(
    [...COMPARED, 'HetConv ms', 'standard ms', 'first run ms', 'first run, standard ms', 'worst difference'],
    rows.map((row) => [
      ...compared(row),
      figure(row.medianMs),
      figure(row.standardMedianMs),
      figure(row.firstRunMs),
      figure(row.standardFirstRunMs),
      row.worstDifference.toExponential(1),
    ]),
  );
  return section(rows, table, environment, document);
}

function section(
  rows: readonly Comparison[],
  table: string,
  environment: Readonly<Record<string, unknown>>,
  document: Document,
): string {
  const bars = rows.map((row): Bar => ({
    backend: row.backend,
    label: `P=${row.part}`,
    speedup: row.speedup,
    low: row.speedupLow,
    high: row.speedupHigh,
    macRatio: row.macRatio,
  }));
  const plot = speedupBars(bars, document).outerHTML;
  return `${plot}\n${LEGEND}\n<h2>Figures</h2>\n${table}\n<h2>Where it was measured</h2>\n${factList(environment)}`;
}

const COMPARED = ['backend', 'P', 'MAC ratio', 'speed-up', '95 %'] as const;

/** The cells under {@link COMPARED}. */
function compared(row: Comparison): (string | { readonly text: string; readonly isLoss: boolean })[] {
  const speedup = { text: times(row.speedup), isLoss: row.speedup < 1 };
  return [row.backend, String(row.part), times(row.macRatio), speedup, interval(row)];
}
