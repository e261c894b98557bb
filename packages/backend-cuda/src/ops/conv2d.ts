/** Standard convolutions: the kernels of HetConv with P = 1, on filters as tfjs keeps them. */
import {
  Conv2D,
  type Conv2DAttrs,
  Conv2DBackpropFilter,
  type Conv2DBackpropFilterAttrs,
  Conv2DBackpropInput,
  type Conv2DBackpropInputAttrs,
  FusedConv2D,
  type FusedConv2DAttrs,
  type TensorInfo,
} from '@tensorflow/tfjs-core';
import type { CudaBackend } from '../backend.ts';
import { filterGradient } from '../hetconv/filter-gradient.ts';
import { sum, type Weights } from '../hetconv/sum.ts';
import { type ConvolutionInputs, type EpilogueInputs, hasEpilogue } from './epilogue.ts';
import { native, type NativeKernel } from './native.ts';
import { convolutionPlan, isChannelsLast, type Plan } from './windows.ts';

/** One filter [height, width, M, N] as the two weight tensors of a HetConv: the anchor's matrix, and all of it. */
function weightsOf(backend: CudaBackend, plan: Plan, filter: TensorInfo): Weights {
  const start = backend.pointer(filter);
  const anchor = plan.anchorRow * plan.kernelWidth + plan.anchorCol;
  return { pointwise: start + 4 * anchor * plan.inChannels * plan.outChannels, spatial: start, isDense: true };
}

function forward(
  backend: CudaBackend,
  inputs: ConvolutionInputs,
  attrs: Conv2DAttrs,
  epilogue: EpilogueInputs,
): TensorInfo {
  const plan = convolutionPlan(inputs.x.shape, inputs.filter.shape, attrs);
  return sum(backend, plan, 'forward', inputs.x, weightsOf(backend, plan, inputs.filter), epilogue);
}

export const convolutionKernels: readonly NativeKernel[] = [
  native<ConvolutionInputs, Conv2DAttrs>(
    Conv2D,
    ({ backend, inputs, attrs }) => forward(backend, inputs, attrs, {}),
    ({ attrs }) => isChannelsLast(attrs),
  ),
  native<ConvolutionInputs, FusedConv2DAttrs>(
    FusedConv2D,
    ({ backend, inputs, attrs }) => forward(backend, inputs, attrs, { ...attrs, ...inputs }),
    ({ inputs, attrs }) => isChannelsLast(attrs) && hasEpilogue({ ...attrs, ...inputs }, inputs.filter.shape[3]),
  ),
  native<{ readonly dy: TensorInfo; readonly filter: TensorInfo }, Conv2DBackpropInputAttrs>(
    Conv2DBackpropInput,
    ({ backend, inputs: { dy, filter }, attrs }) => {
      const plan = convolutionPlan(attrs.inputShape, filter.shape, attrs);
      return sum(backend, plan, 'inputGradient', dy, weightsOf(backend, plan, filter), {});
    },
    ({ attrs }) => isChannelsLast(attrs),
  ),
  native<{ readonly x: TensorInfo; readonly dy: TensorInfo }, Conv2DBackpropFilterAttrs>(
    Conv2DBackpropFilter,
    ({ backend, inputs: { x, dy }, attrs }) => {
      const plan = convolutionPlan(x.shape, attrs.filterShape, attrs);
      return filterGradient(backend, plan, 'all', x, dy, attrs.filterShape);
    },
    ({ attrs }) => isChannelsLast(attrs),
  ),
];
