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
  type Tensor,
  type Tensor1D,
  type Tensor3D,
  type Tensor4D,
  transpose,
  zeros,
} from '@tensorflow/tfjs-core';
import type { Epilogue } from '../kernels/kernels.ts';
import { type HetConvPlan, outputShape, residueDepth } from '../spec/index.ts';
import { assembleTaps, padAxis, spreadResidues } from '../weights/dense.ts';
import type { Form } from './forms.ts';
import { tapView } from './tap-view.ts';
import { dilations, explicitPads, strides } from './window.ts';

/** The linear part, y = sum of products. */
export function forward(plan: HetConvPlan, x: Tensor4D, pointwise: Tensor4D, spatial: Tensor3D, form: Form): Tensor4D {
  if (x.size === 0 || plan.outHeight === 0 || plan.outWidth === 0) return zeros(outputShape(plan));
  if (form === 'dense') return denseForm(plan, x, pointwise, spatial);
  const anchors = tapView(x, plan, { row: plan.anchorRow, col: plan.anchorCol });
  const mixed = conv2d(anchors, pointwise, 1, 'valid');
  const ring = form === 'depthwise' ? depthwiseRings(plan, x, spatial) : residueRings(plan, x, spatial);
  return add(mixed, ring);
}

/** What follows the sum, from stock ops. */
export function applyEpilogue(y: Tensor4D, { activation, leakyreluAlpha, ...tensors }: Epilogue): Tensor4D {
  // tfjs hands kernels the tensors themselves; the type of its kernel interface says less.
  const bias = tensors.bias as Tensor1D | undefined;
  const slopes = tensors.preluActivationWeights as Tensor | undefined;
  const biased = bias === undefined ? y : add<Tensor4D>(y, bias);
  if (slopes !== undefined) return prelu(biased, slopes) as Tensor4D;
  return backend_util.applyActivation(biased, activation, undefined, leakyreluAlpha) as Tensor4D;
}

function denseForm(plan: HetConvPlan, x: Tensor4D, pointwise: Tensor4D, spatial: Tensor3D): Tensor4D {
  const ring = spreadResidues(spatial, plan.inChannels, plan.part);
  const filter = assembleTaps(pointwise, ring, plan.kernelHeight, plan.kernelWidth);
  return conv2d(x, filter, strides(plan), explicitPads(plan), 'NHWC', dilations(plan));
}

/** A convolution per residue r over the channels r, r + P, ..., interleaved into y's channels r, r + P, ... */
function residueRings(plan: HetConvPlan, x: Tensor4D, spatial: Tensor3D): Tensor4D {
  const { batch, inHeight, inWidth, inChannels, outHeight, outWidth, outChannels, part, depth, ringTaps: taps } = plan;
  const filters = Math.ceil(outChannels / part);
  // Residues first, by one transposition each; strided slices are slow on stock backends.
  const images: Tensor3D = transpose(
    reshape(padAxis(x, 3, depth * part), [batch * inHeight * inWidth, depth, part]),
    [2, 0, 1],
  );
  const rings = transpose(reshape(padAxis(spatial, 2, filters * part), [taps * depth, filters, part]), [2, 0, 1]);
  const outputs = Array.from({ length: part }, (_, residue) => {
    const own = residueDepth(inChannels, part, residue);
    const pixels = slice(images, [residue, 0, 0], [1, batch * inHeight * inWidth, own]);
    const image: Tensor4D = reshape(pixels, [batch, inHeight, inWidth, own]);
    const ring = slice(reshape(rings, [part, taps, depth, filters]), [residue, 0, 0, 0], [1, taps, own, filters]);
    const filter = assembleTaps(
      zeros([1, 1, own, filters]),
      reshape(ring, [taps, own, filters]),
      plan.kernelHeight,
      plan.kernelWidth,
    );
    const y = conv2d(image, filter, strides(plan), explicitPads(plan), 'NHWC', dilations(plan));
    return reshape(y, [1, batch * outHeight * outWidth, filters]);
  });
  const interleaved: Tensor4D = reshape(transpose(concat(outputs, 0), [1, 2, 0]), [
    batch,
    outHeight,
    outWidth,
    filters * part,
  ]);
  return slice(interleaved, [0, 0, 0, 0], [batch, outHeight, outWidth, outChannels]);
}

/**
 * A depthwise convolution per q over the channels q*P, ..., q*P + P - 1: its multiplier k gives channel k*P + r. One at P = M.
 */
function depthwiseRings(plan: HetConvPlan, x: Tensor4D, spatial: Tensor3D): Tensor4D {
  const { batch, inHeight, inWidth, inChannels, outHeight, outWidth, outChannels, part, depth, ringTaps: taps } = plan;
  const filters = Math.ceil(outChannels / part);
  const rings = transpose(reshape(padAxis(spatial, 2, filters * part), [taps * depth, filters, part]), [0, 2, 1]);
  const positions = batch * outHeight * outWidth;
  // Added two by two: AddN of more than 7 exceeds the storage buffers of a WebGPU stage, and tfjs 4.22 does not notice.
  const sums = Array.from({ length: depth }, (_, q) => {
    const own = Math.min(part, inChannels - q * part);
    const image = slice(x, [0, 0, 0, q * part], [batch, inHeight, inWidth, own]);
    const ring = slice(reshape(rings, [taps, depth, part, filters]), [0, q, 0, 0], [taps, 1, own, filters]);
    const filter = assembleTaps(
      zeros([1, 1, own, filters]),
      reshape(ring, [taps, own, filters]),
      plan.kernelHeight,
      plan.kernelWidth,
    );
    const y = depthwiseConv2d(image, filter, strides(plan), explicitPads(plan), 'NHWC', dilations(plan));
    return padAxis(reshape(y, [positions, own * filters]), 1, part * filters);
  });
  const total = reshape(
    sums.reduce((sum, next) => add(sum, next)),
    [positions, part, filters],
  );
  const cyclic: Tensor4D = reshape(transpose(total, [0, 2, 1]), [batch, outHeight, outWidth, filters * part]);
  return slice(cyclic, [0, 0, 0, 0], [batch, outHeight, outWidth, outChannels]);
}
