/**
 * The three gradients from stock ops. None needs the Conv2DBackpropFilter kernel, which some backends lack, and
 * dilation is no obstacle: a filter gradient is one matrix product a tap, over the pixels that the tap reads.
 */
import {
  conv2d,
  conv2dTranspose,
  matMul,
  reshape,
  reverse,
  slice,
  stack,
  type Tensor3D,
  type Tensor4D,
  tensor,
  transpose,
  where,
  zeros,
  zerosLike,
} from '@tensorflow/tfjs-core';
import {
  effectiveKernel,
  type HetConvPlan,
  inputShape,
  pointwiseShape,
  ringTaps,
  spatialMask,
  spatialShape,
} from '../spec/index.ts';
import { assembleTaps, padAxis, spreadResidues } from '../weights/dense.ts';
import { cropImages } from './crop.ts';
import { tapView } from './tap-view.ts';
import { dilations, explicitPads, strides } from './window.ts';

/** dL/dx: at stride 1 a convolution of dy with the flipped filter (op-spec, identity 7), else a transposed convolution. */
export function inputGradient(plan: HetConvPlan, dy: Tensor4D, pointwise: Tensor4D, spatial: Tensor3D): Tensor4D {
  if (dy.size === 0 || plan.inHeight === 0 || plan.inWidth === 0) return zeros(inputShape(plan));
  const ring = spreadResidues(spatial, plan.inChannels, plan.part);
  const filter = assembleTaps(pointwise, ring, plan.kernelHeight, plan.kernelWidth);
  if (plan.strideHeight > 1 || plan.strideWidth > 1) {
    return conv2dTranspose(dy, filter, inputShape(plan), strides(plan), explicitPads(plan));
  }
  const flipped = transpose(reverse(filter, [0, 1]), [0, 1, 3, 2]);
  const rows = effectiveKernel(plan.kernelHeight, plan.dilationHeight);
  const cols = effectiveKernel(plan.kernelWidth, plan.dilationWidth);
  // Shift and size dy so that a 'valid' window over it starts at x's first pixel and ends at its last.
  const [top, left] = [rows - 1 - plan.padTop, cols - 1 - plan.padLeft];
  const framed = cropImages(dy, [-top, -left], [plan.inHeight + rows - 1, plan.inWidth + cols - 1]);
  return conv2d(framed, flipped, 1, 'valid', 'NHWC', dilations(plan));
}

/** dL/dpointwise = (pixels under the anchor)^T dy, `[1, 1, M, N]`. */
export function pointwiseGradient(plan: HetConvPlan, x: Tensor4D, dy: Tensor4D): Tensor4D {
  if (x.size === 0 || dy.size === 0) return zeros(pointwiseShape(plan));
  const anchors = tapView(x, plan, { row: plan.anchorRow, col: plan.anchorCol });
  const product = matMul(reshape(anchors, [-1, plan.inChannels]), reshape(dy, [-1, plan.outChannels]), true);
  return reshape(product, pointwiseShape(plan));
}

/** dL/dspatial, `[T, Q, N]`: per tap a batch of P products, one a residue. */
export function spatialGradient(plan: HetConvPlan, x: Tensor4D, dy: Tensor4D): Tensor3D {
  if (x.size === 0 || dy.size === 0 || plan.ringTaps === 0) return zeros(spatialShape(plan));
  const { part, depth, outChannels } = plan;
  const filters = Math.ceil(outChannels / part);
  const dyByResidue = byResidue(dy, part);
  const taps = ringTaps(plan).map((tap) => {
    const product = matMul(byResidue(tapView(x, plan, tap), part), dyByResidue, true); // [P, Q, N / P]
    const cyclic = reshape(transpose(product, [1, 2, 0]), [depth, filters * part]);
    return slice(cyclic, [0, 0], [depth, outChannels]);
  });
  const gradient = stack(taps) as Tensor3D;
  if (plan.inChannels % part === 0) return gradient;
  const exists = tensor(spatialMask(plan), [1, depth, outChannels], 'bool');
  return where(exists, gradient, zerosLike(gradient));
}

/** `[..., C]` to `[P, positions, ceil(C / P)]`, the channels zero-padded to a multiple of P. */
function byResidue(images: Tensor4D, part: number): Tensor3D {
  const channels = images.shape[3];
  const positions = images.size / channels;
  const rows = Math.ceil(channels / part);
  const padded = padAxis(reshape(images, [positions, channels]), 1, rows * part);
  return transpose<Tensor3D>(reshape(padded, [positions, rows, part]), [2, 0, 1]);
}
