/** Geometries that meet every path of the kernels: tile edges, ragged channels, all loads, strides, dilation, tiny images. */
import * as tf from '@tensorflow/tfjs-core';
import {
  createRandom,
  type HetConvPlan,
  planHetConv,
  type PlanRequest,
  spatialEntryExists,
  spatialShape,
} from '@hetconv/core';

const same = { kernelSize: 3, pad: 'same' } as const;

export const REQUESTS: readonly PlanRequest[] = [
  // every load, full and ragged tiles
  { inputShape: [2, 5, 7, 6], outChannels: 10, part: 4, ...same },
  { inputShape: [1, 7, 7, 16], outChannels: 24, part: 2, ...same, strides: [1, 2] },
  { inputShape: [1, 3, 4, 9], outChannels: 9, part: 1, kernelSize: 5, pad: 'same' },
  { inputShape: [1, 1, 1, 8], outChannels: 8, part: 4, ...same },
  { inputShape: [1, 1, 5, 3], outChannels: 64, part: 1, ...same },
  { inputShape: [1, 2, 3, 8], outChannels: 1, part: 8, ...same },
  { inputShape: [1, 13, 1, 8], outChannels: 12, part: 4, ...same },
  // P = M, and ring depths that are written out or not
  { inputShape: [1, 4, 5, 12], outChannels: 20, part: 12, ...same },
  { inputShape: [3, 3, 3, 32], outChannels: 32, part: 32, ...same },
  { inputShape: [1, 4, 4, 24], outChannels: 16, part: 8, ...same },
  { inputShape: [1, 4, 4, 64], outChannels: 32, part: 16, ...same },
  { inputShape: [1, 4, 4, 12], outChannels: 12, part: 4, ...same },
  // P does not divide M or N, is no multiple of 4, exceeds N
  { inputShape: [1, 4, 5, 13], outChannels: 27, part: 9, ...same, strides: 2 },
  { inputShape: [2, 6, 6, 7], outChannels: 12, part: 3, ...same },
  { inputShape: [1, 5, 6, 7], outChannels: 5, part: 2, ...same },
  { inputShape: [1, 6, 5, 11], outChannels: 9, part: 6, ...same },
  { inputShape: [1, 6, 5, 14], outChannels: 21, part: 7, ...same },
  { inputShape: [1, 5, 5, 10], outChannels: 3, part: 8, ...same },
  // windows: even, 1x1, larger than the image, explicit pads, dilation, uneven strides
  { inputShape: [1, 6, 5, 5], outChannels: 3, part: 5, kernelSize: [2, 3], pad: 'same', strides: 2 },
  { inputShape: [3, 3, 3, 32], outChannels: 32, part: 8, kernelSize: 1, pad: 'same', strides: 2 },
  { inputShape: [3, 2, 2, 8], outChannels: 16, part: 4, kernelSize: 7, pad: 'same' },
  { inputShape: [1, 8, 6, 4], outChannels: 4, part: 2, ...same, dilations: 2 },
  { inputShape: [1, 6, 6, 4], outChannels: 2, part: 4, kernelSize: 3, pad: 'valid', dilations: [2, 1] },
  { inputShape: [1, 9, 8, 4], outChannels: 6, part: 3, kernelSize: 3, pad: 2, strides: 3, dimRoundingMode: 'ceil' },
  {
    inputShape: [1, 4, 7, 8],
    outChannels: 8,
    part: 4,
    kernelSize: [4, 1],
    pad: [
      [0, 0],
      [3, 1],
      [0, 2],
      [0, 0],
    ],
  },
  { inputShape: [1, 5, 5, 4], outChannels: 8, part: 4, kernelSize: 2, pad: 'same', strides: 3 },
  { inputShape: [1, 3, 3, 4], outChannels: 4, part: 4, kernelSize: 3, pad: 'valid' },
  { inputShape: [1, 2, 2, 4], outChannels: 4, part: 4, kernelSize: 3, pad: 'valid' },
  // batches: none, tiles across images, more images than one table spans
  { inputShape: [0, 5, 5, 4], outChannels: 4, part: 2, ...same },
  { inputShape: [70, 3, 2, 24], outChannels: 40, part: 8, ...same },
  { inputShape: [3, 40, 30, 4], outChannels: 4, part: 4, ...same },
];

/** The operands of one plan, as arrays and as tensors. */
export interface Operands {
  readonly plan: HetConvPlan;
  readonly x: Float32Array;
  readonly pointwise: Float32Array;
  readonly spatial: Float32Array;
  readonly dy: Float32Array;
}

/** Draws operands; entries of `spatial` that are no weights are NaN: they must not be read. */
export function operandsOf(request: PlanRequest, values: 'integers' | 'reals'): Operands {
  const plan = planHetConv(request);
  const random = createRandom(JSON.stringify(request));
  const next = values === 'integers' ? () => random.integer(-4, 4) : () => random.truncatedNormal();
  const draw = (size: number): Float32Array => Float32Array.from({ length: size }, next);
  const { inChannels, outChannels, depth } = plan;
  const spatial = draw(plan.ringTaps * depth * outChannels);
  for (let i = 0; i < spatial.length; i++) {
    const [q, n] = [Math.floor(i / outChannels) % depth, i % outChannels];
    if (!spatialEntryExists(plan, q, n)) spatial[i] = Number.NaN;
  }
  return {
    plan,
    x: draw(tf.util.sizeFromShape([...request.inputShape])),
    pointwise: draw(inChannels * outChannels),
    spatial,
    dy: draw(plan.batch * plan.outHeight * plan.outWidth * outChannels),
  };
}

export interface Tensors {
  readonly x: tf.Tensor4D;
  readonly pointwise: tf.Tensor4D;
  readonly spatial: tf.Tensor3D;
  readonly dy: tf.Tensor4D;
}

export function tensorsOf({ plan, x, pointwise, spatial, dy }: Operands): Tensors {
  return {
    x: tf.tensor4d(x, [plan.batch, plan.inHeight, plan.inWidth, plan.inChannels]),
    pointwise: tf.tensor4d(pointwise, [1, 1, plan.inChannels, plan.outChannels]),
    spatial: tf.tensor3d(spatial, spatialShape(plan)),
    dy: tf.tensor4d(dy, [plan.batch, plan.outHeight, plan.outWidth, plan.outChannels]),
  };
}
