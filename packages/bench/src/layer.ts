/**
 * One layer on one backend: HetConv at several P, each beside the stock dense convolution, the depthwise + pointwise pair
 * and the composed form, all in the same rounds. Outputs are compared before anything is timed.
 */
import { type BackendProvider, hetConvMacs, macRatio, variantFor } from '@hetconv/core';
import * as tf from '@tensorflow/tfjs-core';
import { checkLayer } from './check-layer.ts';
import { interleave, type Samples, time } from './interleave.ts';
import {
  createLayer,
  createSubject,
  dense,
  depthwisePointwise,
  disposeAll,
  type LayerRequest,
  type Subject,
} from './layer-contenders.ts';
import type { BenchOptions } from './progress.ts';
import { median, medianAbsoluteDeviation, medianRatio } from './statistics.ts';

/** A row of `hetconv bench layer --json`; times in milliseconds. */
export interface LayerRow extends Omit<LayerRequest, 'parts'> {
  readonly backend: string;
  /** The kernel variant that ran, or `(unnamed)` where a backend names none. */
  readonly variant: string;
  readonly part: number;
  /** Multiply-adds of the dense layer over those of the HetConv. */
  readonly macRatio: number;
  readonly firstRunMs: number;
  readonly medianMs: number;
  /** Median absolute deviation of the HetConv's samples. */
  readonly spreadMs: number;
  /** 2 x multiply-adds per second, in 10^9. */
  readonly gflops: number;
  /** Stock tf.fused.conv2d with bias and relu. */
  readonly denseMedianMs: number;
  /** Stock depthwise K x K, then fused 1x1 with bias and relu. */
  readonly depthwisePointwiseMedianMs: number;
  /** The composed form, or null where the backend's HetConv kernels are the composed form. */
  readonly composedMedianMs: number | null;
  /** Dense over HetConv. */
  readonly speedup: number;
  readonly speedupLow: number;
  readonly speedupHigh: number;
  /** Worst |y - float64 reference| of sampled outputs in units of u * sum|x*w|. */
  readonly worstRatio: number;
  readonly rounds: number;
}

/**
 * Switches to the backend and measures there.
 *
 * @throws InvalidArgumentError for a P above M; Error where a HetConv is beyond its error bound
 */
export async function benchLayer(
  provider: BackendProvider,
  request: LayerRequest,
  options: BenchOptions = {},
): Promise<LayerRow[]> {
  await tf.setBackend(provider.name);
  const layer = createLayer(request);
  const subjects: Subject[] = [];
  try {
    for (const part of new Set(request.parts)) subjects.push(createSubject(provider, request, layer, part));
    const checks: Check[] = [];
    for (const [i, subject] of subjects.entries()) {
      options.onProgress?.({ stage: `${provider.name}: comparing outputs`, loaded: i, total: subjects.length });
      options.signal?.throwIfAborted();
      const firstRunMs = await time(subject.hetConv, 1);
      checks.push({ firstRunMs, worstRatio: await checkLayer(layer, subject) });
    }
    const contenders = [
      dense(layer),
      depthwisePointwise(layer),
      ...subjects.flatMap((s) => [s.hetConv, ...s.composed]),
    ];
    const samples = await interleave(contenders, `${provider.name}: timing ${describe(request)}`, options);
    return subjects.map((subject, i) => row(provider, request, subject, checks[i], samples));
  } finally {
    disposeAll(layer, subjects);
  }
}

/** What is known of a subject before it is timed. */
interface Check {
  readonly firstRunMs: number;
  readonly worstRatio: number;
}

function row(
  provider: BackendProvider,
  request: LayerRequest,
  subject: Subject,
  check: Check,
  samples: ReadonlyMap<string, Samples>,
): LayerRow {
  const { parts: _, ...layer } = request;
  const { plan, composed } = subject;
  const seriesOf = (name: string): Samples => samples.get(name) ?? [];
  const series = seriesOf(subject.hetConv.name);
  const ratio = medianRatio(seriesOf('dense'), series);
  const medianMs = median(series);
  return {
    backend: provider.name,
    variant: variantFor(provider.kernels(), 'forward', plan)?.name ?? '(unnamed)',
    ...layer,
    part: plan.part,
    macRatio: macRatio(plan),
    medianMs,
    spreadMs: medianAbsoluteDeviation(series),
    gflops: (2 * layer.batch * hetConvMacs(plan)) / medianMs / 1e6,
    denseMedianMs: median(seriesOf('dense')),
    depthwisePointwiseMedianMs: median(seriesOf('depthwise + pointwise')),
    composedMedianMs: composed.length === 0 ? null : median(seriesOf(composed[0].name)),
    speedup: ratio.value,
    speedupLow: ratio.low,
    speedupHigh: ratio.high,
    rounds: series.length,
    ...check,
  };
}

function describe({ height, width, in: inChannels, out, kernel, stride, batch }: LayerRequest): string {
  return `${batch}x${height}x${width}x${inChannels} -> ${out}, ${kernel}x${kernel}, stride ${stride}`;
}
