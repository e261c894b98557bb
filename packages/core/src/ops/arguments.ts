/**
 * From what a caller passes to what a kernel takes. Every argument is checked before anything runs;
 * what comes out is NHWC of rank 4 with its plan, and the way back to the caller's rank and format.
 */
import {
  getBackend,
  getKernel,
  type Rank,
  reshape,
  Tensor,
  type Tensor3D,
  type Tensor4D,
  type TensorLike,
  tensor,
  transpose,
} from '@tensorflow/tfjs-core';
import { InvalidArgumentError, KernelNotRegisteredError } from '../errors.ts';
import { HET_CONV_2D } from '../kernels/names.ts';
import { type HetConvPlan, planHetConv, type PlanRequest } from '../spec/plan.ts';
import { spatialShape } from '../spec/weights.ts';

/** The geometry of a HetConv, as the caller writes it; defaults as in `tf.conv2d`. */
export type HetConvOptions = Omit<PlanRequest, 'inputShape' | 'outChannels'>;

/** An image `[height, width, channels]` or a batch of them, in the data format of the call. */
export type Images = Tensor3D | Tensor4D;

/** A checked call. */
export interface HetConvCall {
  readonly plan: HetConvPlan;
  /** The kernel's inputs; NHWC. Call once: it may transpose. */
  inputs(): { x: Tensor4D; pointwise: Tensor4D; spatial: Tensor3D };
  /** From the kernel's NHWC result to the caller's rank and format. */
  restore(y: Tensor4D): Images;
}

/**
 * @throws InvalidArgumentError naming the argument, what it was and what is accepted
 * @throws KernelNotRegisteredError when the current backend has no HetConv kernels
 */
export function checkCall(
  operation: string,
  xLike: Images | TensorLike,
  pointwiseLike: Tensor4D | TensorLike,
  spatialLike: Tensor3D | TensorLike,
  options: HetConvOptions,
): HetConvCall {
  const dataFormat = options.dataFormat ?? 'NHWC';
  if (dataFormat !== 'NHWC' && dataFormat !== 'NCHW') {
    throw new InvalidArgumentError(operation, 'dataFormat', dataFormat, "'NHWC' or 'NCHW'");
  }
  const x = toFloatTensor(operation, 'x', xLike);
  const pointwise = toFloatTensor(operation, 'pointwise', pointwiseLike);
  const spatial = toFloatTensor(operation, 'spatial', spatialLike);
  if (x.rank !== 3 && x.rank !== 4) {
    throw new InvalidArgumentError(operation, 'x', { shape: x.shape }, 'a tensor of rank 3 or 4');
  }
  const [batch, a, b, c]: number[] = x.rank === 4 ? x.shape : [1, ...x.shape];
  const inputShape = dataFormat === 'NHWC' ? ([batch, a, b, c] as const) : ([batch, b, c, a] as const);
  const inChannels = inputShape[3];
  const [one, alsoOne, pointwiseIn, outChannels]: number[] = pointwise.shape;
  if (pointwise.rank !== 4 || one !== 1 || alsoOne !== 1 || pointwiseIn !== inChannels) {
    throw new InvalidArgumentError(
      operation,
      'pointwise',
      { shape: pointwise.shape },
      `a tensor of shape [1, 1, ${inChannels}, N], after x's ${inChannels} channels`,
    );
  }
  const plan = planHetConv({ ...options, inputShape, outChannels }, operation);
  const expected = spatialShape(plan);
  if (spatial.shape.join() !== expected.join()) {
    const rule = `a tensor of shape [${expected.join(', ')}] (taps around the anchor, ceil(${inChannels}/${plan.part}), ${outChannels} filters)`;
    throw new InvalidArgumentError(operation, 'spatial', { shape: spatial.shape }, rule);
  }
  requireKernels(operation);
  return {
    plan,
    inputs: () => {
      const x4d = (x.rank === 4 ? x : reshape(x, [1, a, b, c])) as Tensor4D;
      return {
        x: dataFormat === 'NHWC' ? x4d : transpose(x4d, [0, 2, 3, 1]),
        pointwise: pointwise as Tensor4D,
        spatial: spatial as Tensor3D,
      };
    },
    restore: (y) => {
      const formatted = dataFormat === 'NHWC' ? y : transpose(y, [0, 3, 1, 2]);
      const [, ...image] = formatted.shape;
      return x.rank === 4 ? formatted : reshape<Rank.R3>(formatted, image);
    },
  };
}

/** @throws KernelNotRegisteredError saying which package brings the kernels of the current backend */
function requireKernels(operation: string): void {
  const backendName = getBackend();
  if (getKernel(HET_CONV_2D, backendName) == null) throw new KernelNotRegisteredError(operation, backendName);
}

/** The tensor itself, or one made from nested arrays; refuses every other dtype than float32. */
export function toFloatTensor(operation: string, argument: string, value: Tensor | TensorLike): Tensor {
  if (value === null || value === undefined) {
    throw new InvalidArgumentError(operation, argument, value, 'a float32 tensor');
  }
  const result = value instanceof Tensor ? value : tensor(value, undefined, 'float32');
  if (result.dtype !== 'float32') {
    throw new InvalidArgumentError(
      operation,
      argument,
      `a tensor of dtype ${result.dtype}`,
      'a tensor of dtype float32',
    );
  }
  return result;
}
