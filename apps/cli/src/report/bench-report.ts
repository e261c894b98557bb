/** The HTML reports of the two benchmarks. */
import type { LayerRow, ModelRow } from '@hetconv/bench';
import type { EnvironmentReport } from '../backends/environment.ts';
import { type Comparison, interval, times } from '../output/comparison.ts';
import { figure } from '../output/table.ts';
import { factList, htmlTable, page } from './page.ts';
import { speedupBars } from './speedup-bars.ts';

interface Result<Row> {
  readonly environment: EnvironmentReport;
  readonly rows: readonly Row[];
}

const LEGEND =
  '<p>Blue bar: measured speed-up (red: slower). Thin line: its 95 % interval. Orange mark: the ratio of multiplications, ' +
  'which is what the paper promises; the figures beside a bar are these two. Dashed line: as fast as standard convolution.</p>';

export function layerReport({ environment, rows }: Result<LayerRow>): string {
  const { batch, height, width, in: inChannels, out, kernel, stride } = rows[0];
  const title = `HetConv, one layer: ${batch}x${height}x${width}x${inChannels} → ${out}, ${kernel}x${kernel}, stride ${stride}`;
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
  return page(title, body(rows, table, environment));
}

export function modelReport({ environment, rows }: Result<ModelRow>): string {
  const title = `HetConv, ${rows[0].model}: real images, ${rows[0].batch === 1 ? 'one at a time' : `${rows[0].batch} at a time`}`;
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
  return page(title, body(rows, table, environment));
}

function body(rows: readonly (LayerRow | ModelRow)[], table: string, environment: EnvironmentReport): string {
  const bars = rows.map((row) => ({
    backend: row.backend,
    label: `P=${row.part}`,
    speedup: row.speedup,
    low: row.speedupLow,
    high: row.speedupHigh,
    macRatio: row.macRatio,
  }));
  return `${speedupBars(bars)}\n${LEGEND}\n<h2>Figures</h2>\n${table}\n<h2>Where it was measured</h2>\n${factList(environment)}`;
}

const COMPARED = ['backend', 'P', 'MAC ratio', 'speed-up', '95 %'] as const;

/** The cells under {@link COMPARED}. */
function compared(row: Comparison): (string | { readonly text: string; readonly isLoss: boolean })[] {
  const speedup = { text: times(row.speedup), isLoss: row.speedup < 1 };
  return [row.backend, String(row.part), times(row.macRatio), speedup, interval(row)];
}
