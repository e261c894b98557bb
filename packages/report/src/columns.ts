/** The tables of the benchmarks as columns: the same in a terminal, in HTML and in Markdown. */
import { describeLayer, type LayerRow, type ModelRow, type RowChange } from '@hetconv/bench';
import { accuracyColumns } from './accuracy.ts';
import { type Comparison, figure, interval, percentChange, times } from './format.ts';

export interface Column<Row> {
  readonly title: string;
  readonly align?: 'left' | 'right';
  cell(row: Row): string;
  /** Marked as a loss. */
  isLoss?(row: Row): boolean;
  /** Marked as a gain. */
  isGain?(row: Row): boolean;
}

const RATIOS: readonly Column<Comparison>[] = [
  { title: 'MAC ratio', cell: (row) => times(row.macRatio) },
  { title: 'speed-up', cell: (row) => times(row.speedup), isLoss: (row) => row.speedup < 1 },
  { title: '95 %', cell: interval },
];

/** What a peer took; a loss where HetConv took longer. */
function peer(title: string, time: (row: LayerRow) => number | null): Column<LayerRow> {
  return { title, cell: (row) => figure(time(row)), isLoss: (row) => (time(row) ?? Infinity) < row.medianMs };
}

/** Of rows of one layer without the layer itself, which then stands in the title. */
export function layerColumns(rows: readonly LayerRow[]): Column<LayerRow>[] {
  const isOne = new Set(rows.map(describeLayer)).size === 1;
  const isNamed = rows.some(({ name }) => name !== undefined);
  const isCounted = rows.some(({ count = 1 }) => count > 1);
  const isAmong = (show: boolean, column: Column<LayerRow>): Column<LayerRow>[] => (show ? [column] : []);
  return [
    { title: 'backend', align: 'left', cell: (row) => row.backend },
    ...isAmong(isNamed, { title: 'name', align: 'left', cell: ({ name = '' }) => name }),
    ...isAmong(!isOne, { title: 'layer', align: 'left', cell: describeLayer }),
    ...isAmong(isCounted, { title: 'times', cell: ({ count = 1 }) => String(count) }),
    { title: 'P', cell: (row) => String(row.part) },
    ...RATIOS,
    { title: 'HetConv ms', cell: (row) => `${figure(row.medianMs)} ±${figure(row.spreadMs)}` },
    peer('dense ms', (row) => row.denseMedianMs),
    peer('dw + pw ms', (row) => row.depthwisePointwiseMedianMs),
    peer('grouped + pw ms', (row) => row.groupedPointwiseMedianMs),
    peer('composed ms', (row) => row.composedMedianMs),
    { title: 'first ms', cell: (row) => figure(row.firstRunMs) },
    { title: 'GFLOP/s', cell: (row) => figure(row.gflops) },
    { title: 'r', cell: (row) => figure(row.worstRatio) },
    { title: 'variant', align: 'left', cell: (row) => row.variant },
  ];
}

export const LAYER_NOTE: string =
  'speed-up: dense over HetConv on the same backend. dw + pw, grouped + pw: other, smaller functions. ' +
  'r: worst error in units of u*sum|x*w|.';

/** With accuracies where a row has one. */
export function modelColumns(rows: readonly ModelRow[]): Column<ModelRow>[] {
  return [
    { title: 'backend', align: 'left', cell: (row) => row.backend },
    { title: 'kind', align: 'left', cell: (row) => row.kind },
    { title: 'P', cell: ({ part }) => (part === 'none' ? '-' : String(part)) },
    ...accuracyColumns(rows),
    ...RATIOS,
    { title: 'ms', cell: (row) => `${figure(row.medianMs)} ±${figure(row.spreadMs)}` },
    { title: 'standard ms', cell: (row) => `${figure(row.standardMedianMs)} ±${figure(row.standardSpreadMs)}` },
    { title: 'first ms', cell: (row) => figure(row.firstRunMs) },
    { title: 'first, standard ms', cell: (row) => figure(row.standardFirstRunMs) },
    { title: 'difference', cell: (row) => row.worstDifference.toExponential(1) },
  ];
}

const VERDICTS = { faster: 'faster', slower: 'SLOWER', same: 'same within noise' } as const;

export const changeColumns: readonly Column<RowChange>[] = [
  { title: 'row', align: 'left', cell: (row) => row.label },
  { title: 'speed-up before', cell: (row) => times(row.speedupBefore) },
  { title: 'now', cell: (row) => times(row.speedupAfter) },
  { title: 'change', cell: (row) => percentChange(row.change) },
  { title: '95 %', cell: (row) => `${percentChange(row.changeLow)} to ${percentChange(row.changeHigh)}` },
  {
    title: 'verdict',
    align: 'left',
    cell: (row) => VERDICTS[row.verdict],
    isLoss: (row) => row.verdict === 'slower',
    isGain: (row) => row.verdict === 'faster',
  },
  {
    title: 'variant',
    align: 'left',
    cell: ({ variantBefore, variantAfter }) =>
      variantBefore === undefined || variantAfter === undefined ? '' : `${variantBefore} → ${variantAfter}`,
  },
];
