/**
 * HetConv as a dense 1x1 convolution and TensorFlow's grouped convolution, for GPUs: y = anchor pixels * pointwise + ring.
 *
 * The ring is one `Conv2D` of P groups whose filter has zeros in its anchor tap: a group sees the M/P input channels of its residue, and
 * M*N*(1 + K*K/P) products are done a position, M*N/P of them with those zeros. Residues become groups by transposing the channels of x
 * and y. Only for P that divides M and N.
 */
import {
  applyEpilogue,
  cropImages,
  type FilterGradientCall,
  type ForwardCall,
  fromDense,
  type HetConvPlan,
  inputShape,
  type InputGradientCall,
  toDense,
} from '@hetconv/core';
import { add, type Tensor3D, type Tensor4D, type TensorInfo, tidy, zeros } from '@tensorflow/tfjs-core';
import type { TensorflowBackend } from '../backend.ts';
import { convolve, convolveFilterGradient, convolveInputGradient, type Window, windowOf } from '../convolution.ts';
import { fromGroups, toGroups } from './channels.ts';

/** Whether a plan has groups at all, equal ones, and something to compute. */
export function isGrouped({
  part,
  inChannels,
  outChannels,
  ringTaps,
  batch,
  inHeight,
  inWidth,
  outHeight,
  outWidth,
}: HetConvPlan): boolean {
  const hasEqualGroups = part > 1 && inChannels % part === 0 && outChannels % part === 0;
  return hasEqualGroups && ringTaps > 0 && batch * inHeight * inWidth * outHeight * outWidth > 0;
}

export function groupedForward(call: ForwardCall<TensorflowBackend>): Tensor4D {
  return tidy(() => {
    const { backend, plan } = call;
    const x = call.x as Tensor4D;
    const anchors = anchorPixels(plan);
    const mixed = convolve(backend, cropImages(x, anchors.start, anchors.size), call.pointwise as Tensor4D, anchors);
    const ring = convolve(backend, toGroups(x, plan.part), ringFilter(plan, call.spatial), windowOf(plan));
    return applyEpilogue(add(mixed, fromGroups(ring, plan.part)), call);
  });
}

export function groupedInputGradient(call: InputGradientCall<TensorflowBackend>): Tensor4D {
  return tidy(() => {
    const { backend, plan } = call;
    const dy = call.dy as Tensor4D;
    const anchors = anchorPixels(plan);
    const shape = [plan.batch, ...anchors.size, plan.inChannels];
    const pixels = convolveInputGradient(backend, shape, call.pointwise as Tensor4D, dy, anchors);
    const [top, left] = anchors.start;
    const mixed = cropImages(pixels, [-top, -left], [plan.inHeight, plan.inWidth]);
    const filter = ringFilter(plan, call.spatial);
    const ring = convolveInputGradient(backend, inputShape(plan), filter, toGroups(dy, plan.part), windowOf(plan));
    return add(mixed, fromGroups(ring, plan.part));
  });
}

export function groupedSpatialGradient({ backend, plan, x, dy }: FilterGradientCall<TensorflowBackend>): Tensor3D {
  return tidy(() => {
    const { part, kernelHeight, kernelWidth, depth, outChannels } = plan;
    const [images, gradients] = [toGroups(x as Tensor4D, part), toGroups(dy as Tensor4D, part)];
    const shape = [kernelHeight, kernelWidth, depth, outChannels];
    const filter = convolveFilterGradient(backend, images, shape, gradients, windowOf(plan));
    return fromGroups(fromDense(filter, { part: 1 }).spatial, part);
  });
}

/** `[kh, kw, M/P, N]` in the order of groups, zero at the anchor. Within a group the weights are those of a dense convolution. */
function ringFilter(plan: HetConvPlan, spatial: TensorInfo): Tensor4D {
  const { part, kernelHeight, kernelWidth, depth, outChannels } = plan;
  const anchor: Tensor4D = zeros([1, 1, depth, outChannels]);
  return toDense(anchor, toGroups(spatial as Tensor3D, part), { part: 1, kernelSize: [kernelHeight, kernelWidth] });
}

/** The rectangle of x (perhaps beyond its edges) from the first pixel under the anchor to the last, and a 1x1 window over it. */
function anchorPixels(
  plan: HetConvPlan,
): Window & { readonly start: [number, number]; readonly size: [number, number] } {
  return {
    start: [plan.anchorRow * plan.dilationHeight - plan.padTop, plan.anchorCol * plan.dilationWidth - plan.padLeft],
    size: [(plan.outHeight - 1) * plan.strideHeight + 1, (plan.outWidth - 1) * plan.strideWidth + 1],
    strides: [plan.strideHeight, plan.strideWidth],
    dilations: [1, 1],
    pads: [
      [0, 0],
      [0, 0],
      [0, 0],
      [0, 0],
    ],
  };
}
