/**
 * Batch normalisation in training: three passes over x (mean, variance, result), two over x and dy for the gradient. What is per
 * channel - a few hundred numbers - is computed here, in double precision.
 */
import { type BatchNormCall, type BatchNormGradientCall, registerBatchNormKernels } from '@hetconv/core';
import type { BackendWasm } from '@tensorflow/tfjs-backend-wasm';
import type { TensorInfo } from '@tensorflow/tfjs-core';
import { type ColumnSumsRun, emitColumnSumsKernel, type Summand } from '../emit/column-sums-kernel.ts';
import { NORMALIZATION, NORMALIZATION_GRADIENT } from '../emit/normalization-kernel.ts';
import { emitRowwiseKernel } from '../emit/rowwise-kernel.ts';
import type { Host } from '../host/host.ts';
import { type Runtime, runtimeOf } from '../host/runtime.ts';
import { writingAll } from './outputs.ts';

export function registerBatchNormTraining(): void {
  registerBatchNormKernels<BackendWasm>('wasm', { forward, gradient });
}

function forward({ backend, x, gamma, beta, epsilon }: BatchNormCall<BackendWasm>): {
  y: TensorInfo;
  mean: TensorInfo;
  variance: TensorInfo;
} {
  const runtime = runtimeOf(backend);
  const { host, modules } = runtime;
  // All addresses before any view: asking for one may move a tensor here.
  const [from, gammas, betas] = [x, gamma, beta].map((tensor) => host.addressOf(tensor));
  const [rows, channels] = rowsOf(x);
  const [y, mean, variance] = writingAll(host, [x.shape, [channels], [channels]], ([to, means, variances]) =>
    withScratch(host, channels, (scratch) => {
      const [factors] = scratch.vectors;
      columnSums(runtime, 'values', rows, channels, from, 0, scratch);
      scratch.fill((c, { floats, doubles }) => {
        doubles[scratch.centre / 8 + c] = doubles[scratch.sums / 8 + c] / rows;
        floats[means / 4 + c] = doubles[scratch.centre / 8 + c];
      });
      columnSums(runtime, 'squares', rows, channels, from, 0, scratch);
      scratch.fill((c, { floats, doubles }) => {
        const value = doubles[scratch.sums / 8 + c] / rows;
        floats[variances / 4 + c] = value;
        floats[factors / 4 + c] = floats[gammas / 4 + c] / Math.sqrt(value + epsilon);
      });
      const { run } = modules.get('normalization', () => emitRowwiseKernel(NORMALIZATION));
      run(rows, channels, to, from, means, factors, betas);
    }),
  );
  return { y, mean, variance };
}

function gradient({ backend, epsilon, ...tensors }: BatchNormGradientCall<BackendWasm>): {
  dx: TensorInfo;
  dGamma: TensorInfo;
  dBeta: TensorInfo;
} {
  const runtime = runtimeOf(backend);
  const { host, modules } = runtime;
  const { x, dy, gamma, mean, variance, dMean, dVariance } = tensors;
  const [from, dyFrom, gammas, means, variances, dMeans, dVariances] = [
    x,
    dy,
    gamma,
    mean,
    variance,
    dMean,
    dVariance,
  ].map((tensor) => host.addressOf(tensor));
  const [rows, channels] = rowsOf(x);
  const [dx, dGamma, dBeta] = writingAll(host, [x.shape, [channels], [channels]], ([to, dGammas, dBetas]) =>
    withScratch(host, channels, (scratch) => {
      const [factors, slopes, offsets] = scratch.vectors;
      scratch.fill((c, { floats, doubles }) => {
        doubles[scratch.centre / 8 + c] = floats[means / 4 + c];
      });
      columnSums(runtime, 'products', rows, channels, from, dyFrom, scratch);
      scratch.fill((c, { floats, doubles }) => {
        const [sum, moment] = [doubles[scratch.sums / 8 + c], doubles[scratch.moreSums / 8 + c]];
        const root = 1 / Math.sqrt(floats[variances / 4 + c] + epsilon);
        const factor = floats[gammas / 4 + c] * root;
        floats[dBetas / 4 + c] = sum;
        floats[dGammas / 4 + c] = root * moment;
        floats[factors / 4 + c] = factor;
        floats[slopes / 4 + c] = (2 * floats[dVariances / 4 + c] - factor * root * root * moment) / rows;
        floats[offsets / 4 + c] = (floats[dMeans / 4 + c] - factor * sum) / rows;
      });
      const { run } = modules.get('normalization gradient', () => emitRowwiseKernel(NORMALIZATION_GRADIENT));
      run(rows, channels, to, from, dyFrom, means, factors, slopes, offsets);
    }),
  );
  return { dx, dGamma, dBeta };
}

/** [..., C] as [rows, C]. */
function rowsOf({ shape }: TensorInfo): [rows: number, channels: number] {
  const channels = shape[shape.length - 1];
  return [shape.slice(0, -1).reduce((product, side) => product * side, 1), channels];
}

interface Views {
  readonly floats: Float32Array;
  readonly doubles: Float64Array;
}

/** Addresses of per-channel values: float64 for the sums, float32 for what the elementwise passes read. */
interface Scratch {
  readonly centre: number;
  readonly sums: number;
  readonly moreSums: number;
  readonly vectors: readonly [number, number, number];
  /** Runs over the channels with views of the memory as it is now. */
  fill(compute: (channel: number, views: Views) => void): void;
}

function withScratch(host: Host, channels: number, compute: (scratch: Scratch) => void): void {
  const padded = 4 * Math.ceil(channels / 4);
  const [wide, narrow] = [8 * padded, 4 * padded];
  const address = host.allocate(3 * wide + 3 * narrow, 'the moments of a batch normalisation');
  const vectors = address + 3 * wide;
  try {
    compute({
      centre: address,
      sums: address + wide,
      moreSums: address + 2 * wide,
      vectors: [vectors, vectors + narrow, vectors + 2 * narrow],
      fill: (each) => {
        const views = { floats: host.floats(), doubles: new Float64Array(host.memory.buffer) };
        for (let c = 0; c < channels; c++) each(c, views);
      },
    });
  } finally {
    host.free(address);
  }
}

function columnSums(
  { modules }: Runtime,
  summand: Summand,
  rows: number,
  channels: number,
  x: number,
  z: number,
  { centre, sums }: Scratch,
): void {
  const { run } = modules.get(`column sums ${summand}`, () => emitColumnSumsKernel(summand));
  const args: Parameters<ColumnSumsRun> = [Math.ceil(channels / 4), rows, 4 * channels, x, z, centre, sums];
  run(...args);
}
