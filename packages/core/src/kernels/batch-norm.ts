/**
 * Batch normalisation in training mode as one kernel with a gradient of its own. tfjs composes it of moments and a normalisation,
 * whose gradients pass some thirty times over the activations; a backend that registers these two functions passes eight times.
 */
import {
  engine,
  getGradient,
  getKernel,
  type GradConfig,
  type KernelBackend,
  type NamedTensorMap,
  registerGradient,
  registerKernel,
  type Tensor,
  type TensorInfo,
} from '@tensorflow/tfjs-core';

export const BATCH_NORM_TRAINING = 'BatchNormTraining';
export const BATCH_NORM_TRAINING_GRADIENT = 'BatchNormTrainingGradient';

export interface BatchNormCall<B> {
  readonly backend: B;
  /** [..., C], float32 */
  readonly x: TensorInfo;
  /** [C] */
  readonly gamma: TensorInfo;
  /** [C] */
  readonly beta: TensorInfo;
  readonly epsilon: number;
}

export interface BatchNormGradientCall<B> extends Omit<BatchNormCall<B>, 'beta'> {
  /** What the forward pass gave, [C] each. */
  readonly mean: TensorInfo;
  readonly variance: TensorInfo;
  /** Gradients of the three results: [..., C], [C], [C]. */
  readonly dy: TensorInfo;
  readonly dMean: TensorInfo;
  readonly dVariance: TensorInfo;
}

/**
 * With n values a channel, r = 1/sqrt(variance + epsilon) and the biased variance, as in tf.moments:
 *
 *     y  = gamma * r * (x - mean) + beta
 *     dBeta = sum(dy)    dGamma = r * sum(dy * (x - mean))
 *     dx = gamma * r * (dy - dBeta/n - (x - mean) * r * dGamma/n) + dMean/n + 2 * dVariance * (x - mean)/n
 *
 * (Ioffe and Szegedy 2015, section 3; the last two terms because the moments are results too.)
 */
export interface BatchNormKernels<B extends KernelBackend = KernelBackend> {
  forward(call: BatchNormCall<B>): { y: TensorInfo; mean: TensorInfo; variance: TensorInfo };
  gradient(call: BatchNormGradientCall<B>): { dx: TensorInfo; dGamma: TensorInfo; dBeta: TensorInfo };
}

/** Registers them for one tfjs backend. Does nothing where such kernels stand already. */
export function registerBatchNormKernels<B extends KernelBackend>(
  backendName: string,
  kernels: BatchNormKernels<B>,
): void {
  if (getKernel(BATCH_NORM_TRAINING, backendName) !== undefined) return;
  if (getGradient(BATCH_NORM_TRAINING) === undefined) registerGradient(gradient);
  registerKernel({
    kernelName: BATCH_NORM_TRAINING,
    backendName,
    kernelFunc: ({ inputs, attrs, backend }) => {
      const { x, gamma, beta } = inputs as Record<'x' | 'gamma' | 'beta', TensorInfo>;
      const { epsilon } = attrs as { epsilon: number };
      const { y, mean, variance } = kernels.forward({ backend: backend as B, x, gamma, beta, epsilon });
      return [y, mean, variance];
    },
  });
  registerKernel({
    kernelName: BATCH_NORM_TRAINING_GRADIENT,
    backendName,
    kernelFunc: ({ inputs, attrs, backend }) => {
      const tensors = inputs as Omit<BatchNormGradientCall<B>, 'backend' | 'epsilon'>;
      const { epsilon } = attrs as { epsilon: number };
      const { dx, dGamma, dBeta } = kernels.gradient({ backend: backend as B, ...tensors, epsilon });
      return [dx, dGamma, dBeta];
    },
  });
}

/** All three gradients come of the same two sums, so they are computed together, whichever is asked for. */
const gradient: GradConfig = {
  kernelName: BATCH_NORM_TRAINING,
  inputsToSave: ['x', 'gamma'],
  outputsToSave: [false, true, true],
  gradFunc: (dys, saved, attrs) => {
    const [dy, dMean, dVariance] = dys as Tensor[];
    const [x, gamma, mean, variance] = saved;
    const inputs: NamedTensorMap = { x, gamma, mean, variance, dy, dMean, dVariance };
    const [dx, dGamma, dBeta]: Tensor[] = engine().runKernel(BATCH_NORM_TRAINING_GRADIENT, inputs, attrs);
    return { x: () => dx, gamma: () => dGamma, beta: () => dBeta };
  },
};
