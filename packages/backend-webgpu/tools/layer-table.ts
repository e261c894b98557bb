/**
 * Layer times on a device: HetConv at several P, the stock dense convolution and the stock depthwise + 1x1 pair, interleaved.
 *
 * A sample is many calls of which only the last one's first element is read back: over a bus, reading a whole result
 * costs more than computing it.
 */
import { type Contender, interleave, median, medianRatio } from '@hetconv/bench';
import {
  fused,
  HE_UNIFORM,
  hetConvMacs,
  initializeHetConv,
  macRatio,
  planHetConv,
  pointwiseShape,
  spatialShape,
} from '@hetconv/core';
import * as tf from '@tensorflow/tfjs-core';

export interface TableRow {
  readonly size: number;
  readonly inChannels: number;
  readonly outChannels: number;
  readonly batch: number;
  readonly part: number;
  readonly macRatio: number;
  readonly medianMs: number;
  readonly denseMedianMs: number;
  readonly depthwisePointwiseMedianMs: number;
  readonly speedup: number;
  readonly speedupLow: number;
  readonly speedupHigh: number;
  /** 2 x multiply-adds a second, in 10^9. */
  readonly gflops: number;
  /** Bytes of x, y and weights, each moved once, a second, in 10^9. */
  readonly gigabytesPerSecond: number;
}

/** Milliseconds that a sample should take at least. */
const SAMPLE_MS = 20;

export async function layerTable(
  [size, inChannels, outChannels]: readonly [number, number, number],
  batch: number,
  parts: readonly number[],
): Promise<TableRow[]> {
  const x = tf.randomUniform<tf.Rank.R4>([batch, size, size, inChannels], -1, 1, 'float32', 1);
  const bias = tf.randomUniform<tf.Rank.R1>([outChannels], -1, 1, 'float32', 2);
  const filter = tf.randomUniform<tf.Rank.R4>([3, 3, inChannels, outChannels], -1, 1, 'float32', 3);
  const depthwise = tf.randomUniform<tf.Rank.R4>([3, 3, inChannels, 1], -1, 1, 'float32', 4);
  const dense = tf.randomUniform<tf.Rank.R4>([1, 1, inChannels, outChannels], -1, 1, 'float32', 5);
  const plans = parts.map((part) =>
    planHetConv({ inputShape: x.shape, outChannels, part, kernelSize: 3, pad: 'same' }),
  );
  const weights = plans.map((plan) => {
    const { pointwise, spatial } = initializeHetConv(plan, HE_UNIFORM, 1);
    return [tf.tensor4d(pointwise, pointwiseShape(plan)), tf.tensor3d(spatial, spatialShape(plan))] as const;
  });
  const common = { bias, activation: 'relu', pad: 'same' } as const;
  const contenders = [
    await sampled('dense', () => tf.fused.conv2d({ ...common, x, filter, strides: 1 })),
    await sampled('depthwise + pointwise', () =>
      tf.fused.conv2d({ ...common, x: tf.depthwiseConv2d(x, depthwise, 1, 'same'), filter: dense, strides: 1 }),
    ),
  ];
  for (const [i, part] of parts.entries()) {
    const [pointwise, spatial] = weights[i];
    contenders.push(
      await sampled(`P=${part}`, () => fused.hetConv2d({ ...common, x, pointwise, spatial, part, kernelSize: 3 })),
    );
  }
  const samples = await interleave(
    contenders.map(({ contender }) => contender),
    'layer',
    { minRounds: 9, budgetMs: 3000 },
  );
  const seriesOf = (index: number): number[] => {
    const { contender, calls } = contenders[index];
    return (samples.get(contender.name) ?? []).map((ms) => ms / calls);
  };
  const rows = plans.map((plan, i): TableRow => {
    const series = seriesOf(i + 2);
    const ratio = medianRatio(seriesOf(0), series);
    const medianMs = median(series);
    const bytes = 4 * (x.size + batch * size * size * outChannels + weights[i][0].size + weights[i][1].size);
    return {
      size,
      inChannels,
      outChannels,
      batch,
      part: plan.part,
      macRatio: macRatio(plan),
      medianMs,
      denseMedianMs: median(seriesOf(0)),
      depthwisePointwiseMedianMs: median(seriesOf(1)),
      speedup: ratio.value,
      speedupLow: ratio.low,
      speedupHigh: ratio.high,
      gflops: (2 * batch * hetConvMacs(plan)) / medianMs / 1e6,
      gigabytesPerSecond: bytes / medianMs / 1e6,
    };
  });
  tf.dispose([x, bias, filter, depthwise, dense, ...weights.flat()]);
  return rows;
}

async function sampled(name: string, compute: () => tf.Tensor4D): Promise<{ contender: Contender; calls: number }> {
  const run = async (count: number): Promise<void> => {
    for (let i = 1; i < count; i++) tf.dispose(tf.tidy(compute));
    const first = tf.tidy(() => tf.slice(tf.reshape(compute(), [-1]), 0, 1));
    await first.data();
    first.dispose();
  };
  await run(1); // compiles
  const start = performance.now();
  await run(1);
  const calls = Math.max(1, Math.ceil(SAMPLE_MS / (performance.now() - start)));
  return { contender: { name, run: () => run(calls) }, calls };
}
