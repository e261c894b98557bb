/** The result as Markdown: a table of all rows, and how they stand to the aims. */
import { describeLayer, type Ratio } from '@hetconv/bench';
import type { Peak } from './floor.ts';
import type { PeerFacts } from './peer.ts';
import type { Row } from './rows.ts';

export interface Result {
  readonly environment: Readonly<Record<string, unknown>>;
  /** As the device's attributes promise; null where it tells no clocks. */
  readonly peak: Peak | null;
  /** PyTorch and cuDNN, or why they were not measured. */
  readonly peer: PeerFacts | { readonly missing: string };
  readonly rows: readonly Row[];
  /** Layers that were not measured, and why. */
  readonly failures: readonly string[];
}

/** HetConv should be at least so much of its MAC ratio faster than cuDNN's dense convolution, at P >= 4 and batch 128. */
const RATIO_AIM = 0.8;
/** Our dense convolution should have at least so much of the speed of cuDNN's. */
const DENSE_AIM = 0.7;

interface Column {
  readonly title: string;
  readonly cell: (one: Row) => string;
}

const COLUMNS: readonly Column[] = [
  { title: 'layer', cell: describeLayer },
  { title: 'P', cell: ({ part }) => String(part) },
  { title: 'HetConv ms', cell: ({ ms }) => time(ms) },
  { title: 'our dense', cell: ({ denseMs }) => time(denseMs) },
  { title: 'cuDNN dense', cell: ({ cudnnDenseMs }) => time(cudnnDenseMs) },
  { title: 'TF32', cell: ({ cudnnTf32Ms }) => time(cudnnTf32Ms) },
  { title: 'grouped', cell: ({ cudnnGroupedMs }) => time(cudnnGroupedMs) },
  { title: '1x1 + grouped', cell: ({ torchHetConvMs }) => time(torchHetConvMs) },
  { title: 'MAC ratio', cell: (one) => one.macRatio.toFixed(2) },
  { title: 'x our dense', cell: ({ overDense }) => ratio(overDense) },
  { title: 'x cuDNN dense', cell: ({ overCudnnDense }) => ratio(overCudnnDense) },
  { title: 'x TF32', cell: ({ overCudnnTf32 }) => ratio(overCudnnTf32) },
  { title: 'x 1x1 + grouped', cell: ({ overTorchHetConv }) => ratio(overTorchHetConv) },
  { title: 'of the floor', cell: ({ shareOfFloor }) => share(shareOfFloor) },
  { title: 'host ms', cell: ({ hostMs }) => time(hostMs) },
  { title: 'kernel', cell: ({ variant }) => variant },
];

export function markdownOf({ rows, peer, peak, failures }: Result): string {
  const lines = [
    '## HetConv beside cuDNN',
    '',
    'missing' in peer
      ? `- cuDNN was not measured: ${peer.missing}`
      : `- cuDNN ${peer.cudnn} through PyTorch ${peer.torch} on ${peer.device}; float32 but where TF32 is said, the faster of NCHW and NHWC.`,
    peak === null
      ? '- The device tells no clocks: no floor.'
      : `- Floor: ${(peak.gflops / 1e3).toFixed(1)} float32 TFLOP/s, ${peak.gigabytes.toFixed(0)} GB/s, from the attributes of the device.`,
    ...aims(rows),
    ...failures.map((failure) => `- **Not measured**: ${failure}`),
    '',
    row(COLUMNS.map(({ title }) => title)),
    row(COLUMNS.map((_, i) => (i === 0 || i === COLUMNS.length - 1 ? '---' : '---:'))),
    ...rows.map((one) => row(COLUMNS.map(({ cell }) => cell(one)))),
    '',
    'Milliseconds on the device, cache emptied before each run; no bias, no activation. "x": time of the other over that of HetConv, 95 % interval. "grouped" and "1x1 + grouped" compute other',
    'functions: the latter is how HetConv is commonly written in PyTorch. "host ms": what a call costs the processor; a program sees the longer of both.',
  ];
  return `${lines.join('\n')}\n`;
}

/** How many rows reach what was set out for. */
function aims(rows: readonly Row[]): string[] {
  const het = rows.filter(({ part, batch, overCudnnDense }) => part >= 4 && batch >= 128 && overCudnnDense !== null);
  const good = het.filter(
    ({ overCudnnDense, macRatio }) => overCudnnDense !== null && overCudnnDense.value >= RATIO_AIM * macRatio,
  );
  const dense = rows.filter(({ part, denseShareOfCudnn }) => part === 1 && denseShareOfCudnn !== null);
  const near = dense.filter(
    ({ denseShareOfCudnn }) => denseShareOfCudnn !== null && denseShareOfCudnn.value >= DENSE_AIM,
  );
  return [
    ...(het.length === 0
      ? []
      : [
          `- HetConv reaches ${RATIO_AIM} x the MAC ratio over cuDNN's dense in ${good.length} of ${het.length} rows (P >= 4, batch >= 128).`,
        ]),
    ...(dense.length === 0
      ? []
      : [`- Our dense kernel has ${DENSE_AIM * 100} % of cuDNN's speed in ${near.length} of ${dense.length} layers.`]),
  ];
}

function row(cells: readonly string[]): string {
  return `| ${cells.join(' | ')} |`;
}

function time(ms: number | null): string {
  return ms === null ? '-' : ms.toPrecision(3);
}

function ratio(value: Ratio | null): string {
  return value === null ? '-' : `${value.value.toFixed(2)} (${value.low.toFixed(2)}-${value.high.toFixed(2)})`;
}

function share(value: number | null): string {
  return value === null ? '-' : `${(100 * value).toFixed(0)} %`;
}
