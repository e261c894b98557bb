/** The forward pass from stock ops, in each of its forms; shapes as in `kernels.ts`. */
import {
  add,
  backend_util,
  concat,
  conv2d,
  depthwiseConv2d,
  prelu,
  reshape,
  slice,
  stack,
  stridedSlice,
  type Tensor,
  type Tensor1D,
  type Tensor3D,
  type Tensor4D,
  transpose,
  zeros,
} from '@tensorflow/tfjs-core';
import type { Activation } from '../kernels/kernels.ts';
import { type HetConvPlan, outputShape, residueDepth } from '../spec/index.ts';
import { assembleTaps, spreadResidues } from '../weights/dense.ts';
import { chooseForm, type Form } from './forms.ts';
import { tapView } from './tap-view.ts';
import { dilations, explicitPads, strides } from './window.ts';

/** The linear part, y = sum of products. */
export function forward(
  plan: HetConvPlan,
  x: Tensor4D,
  pointwise: Tensor4D,
  spatial: Tensor3D,
  form: Form = chooseForm(plan),
): Tensor4D {
  if (x.size === 0 || plan.outHeight === 0 || plan.outWidth === 0) return zeros(outputShape(plan));
  if (form === 'dense') return denseForm(plan, x, pointwise, spatial);
  const anchors = tapView(x, plan, { row: plan.anchorRow, col: plan.anchorCol });
  const mixed = conv2d(anchors, pointwise, 1, 'valid');
  const ring = form === 'depthwise' ? depthwiseRing(plan, x, spatial) : residueRings(plan, x, spatial);
  return add(mixed, ring);
}

/** What follows the sum. */
export function epilogue(
  y: Tensor4D,
  bias: Tensor1D | undefined,
  activation: Activation,
  slopes: Tensor1D | undefined,
  leakyreluAlpha: number,
): Tensor4D {
  const biased = bias === undefined ? y : add<Tensor4D>(y, bias);
  if (slopes !== undefined) return prelu(biased, slopes as Tensor) as Tensor4D;
  return backend_util.applyActivation(biased, activation, undefined, leakyreluAlpha) as Tensor4D;
}

function denseForm(plan: HetConvPlan, x: Tensor4D, pointwise: Tensor4D, spatial: Tensor3D): Tensor4D {
  const ring = spreadResidues(spatial, plan.inChannels, plan.part);
  const filter = assembleTaps(pointwise, ring, plan.kernelHeight, plan.kernelWidth);
  return conv2d(x, filter, strides(plan), explicitPads(plan), 'NHWC', dilations(plan));
}

/** A convolution per residue r over the channels r, r + P, ..., interleaved into y's channels r, r + P, ... */
function residueRings(plan: HetConvPlan, x: Tensor4D, spatial: Tensor3D): Tensor4D {
  const { inChannels, outChannels, part } = plan;
  const filters = Math.ceil(outChannels / part);
  const rings: Tensor4D[] = [];
  for (let residue = 0; residue < Math.min(part, outChannels); residue++) {
    const depth = residueDepth(inChannels, part, residue);
    const own = everyPart(spatial, residue, part);
    const ring = slice(own, [0, 0, 0], [-1, depth, -1]);
    const filter = assembleTaps(zeros([1, 1, depth, ring.shape[2]]), ring, plan.kernelHeight, plan.kernelWidth);
    const y = conv2d(everyPart(x, residue, part), filter, strides(plan), explicitPads(plan), 'NHWC', dilations(plan));
    rings.push(padChannels(y, filters));
  }
  if (rings.length < part) {
    const { batch, outHeight, outWidth } = plan;
    const missing: Tensor4D = zeros([batch, outHeight, outWidth, filters]);
    while (rings.length < part) rings.push(missing);
  }
  return trimChannels(interleave(rings), outChannels);
}

/** P = M divides N: one depthwise convolution whose multiplier k gives channel k*M + m. */
function depthwiseRing(plan: HetConvPlan, x: Tensor4D, spatial: Tensor3D): Tensor4D {
  const { inChannels: M, outChannels: N, kernelHeight, kernelWidth } = plan;
  const multiplier = N / M;
  const ring = transpose<Tensor3D>(reshape(spatial, [plan.ringTaps, multiplier, M]), [0, 2, 1]);
  const filter = assembleTaps(zeros([1, 1, M, multiplier]), ring, kernelHeight, kernelWidth);
  const y = depthwiseConv2d(x, filter, strides(plan), explicitPads(plan), 'NHWC', dilations(plan));
  if (multiplier === 1) return y;
  const { batch, outHeight, outWidth } = plan;
  const split = reshape(y, [batch * outHeight * outWidth, M, multiplier]);
  return reshape(transpose(split, [0, 2, 1]), y.shape);
}

/** Entries r, r + P, ... of the last axis. */
function everyPart<T extends Tensor>(tensor: T, residue: number, part: number): T {
  if (part === 1) return tensor;
  const last = tensor.rank - 1;
  const begin = tensor.shape.map((_, axis) => (axis === last ? residue : 0));
  const steps = tensor.shape.map((_, axis) => (axis === last ? part : 1));
  return stridedSlice(tensor, begin, tensor.shape, steps) as T;
}

function interleave(rings: Tensor4D[]): Tensor4D {
  const [batch, height, width, channels] = rings[0].shape;
  return reshape(stack(rings, -1), [batch, height, width, channels * rings.length]);
}

function padChannels(y: Tensor4D, channels: number): Tensor4D {
  const [batch, height, width, present] = y.shape;
  return present === channels ? y : concat([y, zeros([batch, height, width, channels - present])], 3);
}

function trimChannels(y: Tensor4D, channels: number): Tensor4D {
  return y.shape[3] === channels ? y : slice(y, [0, 0, 0, 0], [-1, -1, -1, channels]);
}
