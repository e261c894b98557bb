/** `hetconv bench layer`: one layer at several P, beside the stock convolutions of the same backend. */
import { benchLayer, type LayerRow } from '@hetconv/bench';
import { figure, layerSection, layerTitle, verdict } from '@hetconv/report';
import { defineCommand } from 'citty';
import { describeEnvironment, type EnvironmentReport } from '../backends/environment.ts';
import { selectBackends } from '../backends/select.ts';
import { list, part, positiveInteger } from '../output/choices.ts';
import { RATIO_COLUMNS } from '../output/comparison.ts';
import { emitJson, note, print } from '../output/emit.ts';
import { UsageError } from '../output/failure.ts';
import { createProgress } from '../output/progress.ts';
import { writeReport } from '../output/report-file.ts';
import { renderTable } from '../output/table.ts';
import { benchArguments, benchOptions } from './bench-arguments.ts';

export const benchLayerCommand = defineCommand({
  meta: {
    name: 'layer',
    description: 'One layer: HetConv, dense, depthwise + pointwise and the composed form, side by side',
  },
  args: {
    size: { type: 'string', description: 'Input height (and width)', required: true, valueHint: 'H' },
    width: { type: 'string', description: 'Input width, where it differs', valueHint: 'W' },
    in: { type: 'string', description: 'Input channels M', required: true, valueHint: 'M' },
    out: { type: 'string', description: 'Output channels N', required: true, valueHint: 'N' },
    kernel: { type: 'string', description: 'Kernel size K', default: '3', valueHint: 'K' },
    stride: { type: 'string', description: 'Stride', default: '1', valueHint: 'S' },
    batch: { type: 'string', description: 'Images a batch', default: '1', valueHint: 'B' },
    part: {
      type: 'string',
      description: 'P, or several; M for all input channels',
      required: true,
      valueHint: 'P1,P2,..|M',
    },
    ...benchArguments,
  },
  async run({ args }) {
    const inChannels = positiveInteger('--in', args.in);
    const height = positiveInteger('--size', args.size);
    const request = {
      height,
      width: args.width === undefined ? height : positiveInteger('--width', args.width),
      in: inChannels,
      out: positiveInteger('--out', args.out),
      kernel: positiveInteger('--kernel', args.kernel),
      stride: positiveInteger('--stride', args.stride),
      batch: positiveInteger('--batch', args.batch),
      parts: partsUpTo(inChannels, args.part),
    };
    const selection = await selectBackends(args.backends);
    const progress = createProgress();
    const rows: LayerRow[] = [];
    let environment: EnvironmentReport;
    try {
      const { onProgress, ...timing } = benchOptions(args, progress);
      for (const provider of selection.providers) {
        rows.push(...(await benchLayer(provider, request, { ...timing, onProgress })));
      }
      rows.push(...((await selection.browser?.layer(request, timing, onProgress)) ?? []));
      environment = await describeEnvironment(selection);
    } finally {
      progress.stop();
      await selection.close();
    }
    const result = { environment, rows };
    if (args.report !== undefined) {
      const path = writeReport(args.report, layerTitle(result), (document) => layerSection(result, document));
      note(`Report: ${path}`);
    }
    if (args.json) emitJson(result);
    else printLayerRows(rows);
  },
});

function partsUpTo(inChannels: number, value: string): number[] {
  const parts = list('--part', value)
    .map((entry) => part('--part', entry, 'M'))
    .map((p) => (p === 'channels' ? inChannels : p));
  const tooLarge = parts.find((p) => p > inChannels);
  if (tooLarge !== undefined)
    throw new UsageError(`--part: ${tooLarge} is larger than the ${inChannels} input channels (--in).`);
  return [...new Set(parts)];
}

function printLayerRows(rows: readonly LayerRow[]): void {
  const { height, width, in: inChannels, out, kernel, stride, batch } = rows[0];
  print(
    `${kernel}x${kernel} convolution, stride ${stride}: ${batch}x${height}x${width}x${inChannels} -> ${out} channels; bias + relu; medians in ms\n`,
  );
  print(
    renderTable<LayerRow>(rows, [
      { title: 'backend', align: 'left', cell: (row) => row.backend },
      { title: 'P', cell: (row) => String(row.part) },
      ...RATIO_COLUMNS,
      { title: 'HetConv', cell: (row) => `${figure(row.medianMs)} ±${figure(row.spreadMs)}` },
      { title: 'dense', cell: (row) => figure(row.denseMedianMs) },
      { title: 'dw + pw', cell: (row) => figure(row.depthwisePointwiseMedianMs) },
      { title: 'composed', cell: (row) => figure(row.composedMedianMs) },
      { title: 'GFLOP/s', cell: (row) => figure(row.gflops) },
      { title: 'r', cell: (row) => figure(row.worstRatio) },
      { title: 'variant', align: 'left', cell: (row) => row.variant },
    ]),
  );
  print('speed-up: dense over HetConv on the same backend. r: worst error in units of u*sum|x*w|.');
  for (const row of rows) for (const line of losses(row)) print(line);
}

/** Against the dense convolution, and against the pair that computes another, smaller function. */
function losses(row: LayerRow): string[] {
  const lines = verdict(row, 'the dense convolution');
  const pair = row.medianMs / row.depthwisePointwiseMedianMs;
  if (pair > 1) {
    const at = `${row.backend}, P=${row.part}`;
    lines.push(
      `slower  ${at}: ${figure(pair)}x the time of depthwise + pointwise (which is another, smaller function).`,
    );
  }
  return lines;
}
