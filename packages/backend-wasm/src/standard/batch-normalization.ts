/**
 * FusedBatchNorm, the batch normalisation of inference. The stock kernel takes 3 to 4 ns an element; once the convolutions
 * are HetConvs that is a fifth of the time of a network.
 */
import type { BackendWasm } from '@tensorflow/tfjs-backend-wasm';
import {
  FusedBatchNorm,
  type FusedBatchNormAttrs,
  type KernelFunc,
  type TensorInfo,
  util,
} from '@tensorflow/tfjs-core';
import { NORMALIZATION } from '../emit/normalization-kernel.ts';
import { emitRowwiseKernel } from '../emit/rowwise-kernel.ts';
import { runtimeOf } from '../host/runtime.ts';
import { replaceKernel } from './replace-kernel.ts';

interface Inputs {
  readonly x: TensorInfo;
  readonly mean: TensorInfo;
  readonly variance: TensorInfo;
  readonly offset?: TensorInfo | null;
  readonly scale?: TensorInfo | null;
}

/** See `registerBatchNormalization` of the package. */
export function registerNormalizationKernel(): void {
  replaceKernel(FusedBatchNorm, (stock): KernelFunc => (args) => {
    const inputs = args.inputs as unknown as Inputs;
    const { varianceEpsilon } = args.attrs as unknown as FusedBatchNormAttrs;
    const channels = inputs.x.shape[inputs.x.shape.length - 1];
    const moments = [inputs.mean, inputs.variance, inputs.offset, inputs.scale];
    if (moments.some((moment) => moment != null && util.sizeFromShape(moment.shape) !== channels)) return stock(args);
    return normalize(args.backend as BackendWasm, inputs, channels, varianceEpsilon);
  });
}

function normalize(backend: BackendWasm, inputs: Inputs, channels: number, epsilon: number): TensorInfo {
  const { x, mean, variance, offset, scale } = inputs;
  const { host, modules } = runtimeOf(backend);
  // All addresses before any view: asking for one may move a tensor here.
  const [from, means, variances] = [x, mean, variance].map((tensor) => host.addressOf(tensor));
  const [offsets, scales] = [offset, scale].map((tensor) => (tensor == null ? undefined : host.addressOf(tensor)));
  const zeros = host.zeros(4 * channels + 16);
  const output = host.output(x.shape);
  const factors = host.allocate(4 * channels + 16, 'the factors of a normalisation');
  try {
    const floats = host.floats();
    for (let c = 0; c < channels; c++) {
      const gain = scales === undefined ? 1 : floats[scales / 4 + c];
      floats[factors / 4 + c] = gain / Math.sqrt(floats[variances / 4 + c] + epsilon);
    }
    const { run } = modules.get('normalization', () => emitRowwiseKernel(NORMALIZATION));
    const rows = channels === 0 ? 0 : util.sizeFromShape(x.shape) / channels;
    run(rows, channels, host.addressOf(output), from, means, factors, offsets ?? zeros);
  } finally {
    host.free(factors);
  }
  return output;
}
