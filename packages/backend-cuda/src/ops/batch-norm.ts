/** Batch normalization with given moments (kernels/batch-norm.cu). */
import { FusedBatchNorm, type FusedBatchNormAttrs, type TensorInfo } from '@tensorflow/tfjs-core';
import { native, type NativeKernel, sizeOf } from './native.ts';

interface Inputs {
  readonly x: TensorInfo;
  readonly mean: TensorInfo;
  readonly variance: TensorInfo;
  readonly offset?: TensorInfo | null;
  readonly scale?: TensorInfo | null;
}

export const batchNormKernels: readonly NativeKernel[] = [
  native<Inputs, FusedBatchNormAttrs>(
    FusedBatchNorm,
    ({ backend, inputs: { x, mean, variance, offset, scale }, attrs }) => {
      const y = backend.allocate(x.shape, 'float32');
      const size = sizeOf(x.shape);
      const [from, m, v, o, s, to] = [x, mean, variance, offset, scale, y].map((tensor) => backend.pointer(tensor));
      const channels = sizeOf(mean.shape);
      backend.launchOver('batch_norm', size, from, m, v, o, s, to, size, channels, attrs.varianceEpsilon);
      return y;
    },
    // One value a channel in each of them; tfjs allows tensors of x's rank as well.
    ({ inputs: { mean, variance, offset, scale } }) =>
      [variance, offset, scale].every((tensor) => tensor == null || sizeOf(tensor.shape) === sizeOf(mean.shape)),
  ),
];
