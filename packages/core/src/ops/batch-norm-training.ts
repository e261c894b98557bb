/** `batchNormTraining`: batch normalisation by the moments of the batch itself, and those moments. */
import {
  batchNorm,
  engine,
  getBackend,
  getKernel,
  moments,
  ones,
  type Rank,
  type Tensor,
  type Tensor1D,
  tidy,
  zeros,
} from '@tensorflow/tfjs-core';
import { InvalidArgumentError } from '../errors.ts';
import { BATCH_NORM_TRAINING } from '../kernels/batch-norm.ts';
import { toFloatTensor } from './arguments.ts';

export interface BatchNormTrainingOptions {
  /** [C]; default 1. */
  readonly gamma?: Tensor1D | undefined;
  /** [C]; default 0. */
  readonly beta?: Tensor1D | undefined;
  /** Added to the variance. Default 1e-3, as in tf.layers. */
  readonly epsilon?: number;
}

// A type, not an interface: tf.tidy takes it as a container.
export type Normalized<T extends Tensor> = {
  /** Of x's shape. */
  readonly y: T;
  /** [C] */
  readonly mean: Tensor1D;
  /** [C]; of the batch as it is (divided by n, not n - 1), as in tf.moments. */
  readonly variance: Tensor1D;
};

/**
 * y = gamma * (x - mean) / sqrt(variance + epsilon) + beta per channel of the last axis (Ioffe and Szegedy 2015, algorithm 1).
 * Differentiable in x, gamma and beta through all three results. Where the current backend has kernels for it
 * (`registerBatchNormKernels`) forward and gradient are one each; elsewhere `tf.moments` and `tf.batchNorm` compute it.
 *
 * @param x `[..., C]` of rank 2, 3 or 4, float32
 * @throws InvalidArgumentError
 */
export function batchNormTraining<T extends Tensor>(x: T, options: BatchNormTrainingOptions = {}): Normalized<T> {
  const operation = 'batchNormTraining';
  const { epsilon = 1e-3 } = options;
  toFloatTensor(operation, 'x', x);
  if (x.rank < 2 || x.rank > 4) {
    throw new InvalidArgumentError(operation, 'x', { shape: x.shape }, 'a tensor of rank 2, 3 or 4');
  }
  const channels = x.shape[x.rank - 1];
  for (const argument of ['gamma', 'beta'] as const) {
    const value = options[argument];
    if (value === undefined) continue;
    toFloatTensor(operation, argument, value);
    if (value.rank !== 1 || value.shape[0] !== channels) {
      const rule = `a tensor of shape [${channels}], one value a channel of x`;
      throw new InvalidArgumentError(operation, argument, { shape: value.shape }, rule);
    }
  }
  if (!(epsilon >= 0)) throw new InvalidArgumentError(operation, 'epsilon', epsilon, 'a number of at least 0');
  return tidy(() => {
    const gamma = options.gamma ?? ones<Rank.R1>([channels]);
    const beta = options.beta ?? zeros<Rank.R1>([channels]);
    if (getKernel(BATCH_NORM_TRAINING, getBackend()) !== undefined) {
      const [y, mean, variance]: Tensor[] = engine().runKernel(BATCH_NORM_TRAINING, { x, gamma, beta }, { epsilon });
      return { y: y as T, mean: mean as Tensor1D, variance: variance as Tensor1D };
    }
    const axes = x.shape.slice(0, -1).map((_, axis) => axis);
    const { mean, variance } = moments(x, axes) as { mean: Tensor1D; variance: Tensor1D };
    return { y: batchNorm(x, mean, variance, beta, gamma, epsilon) as T, mean, variance };
  });
}
