/** Depthwise convolutions (kernels/depthwise.cu). */
import {
  DepthwiseConv2dNative,
  type DepthwiseConv2dNativeAttrs,
  DepthwiseConv2dNativeBackpropFilter,
  type DepthwiseConv2dNativeBackpropFilterAttrs,
  DepthwiseConv2dNativeBackpropInput,
  type DepthwiseConv2dNativeBackpropInputAttrs,
  FusedDepthwiseConv2D,
  type FusedDepthwiseConv2DAttrs,
  type TensorInfo,
} from '@tensorflow/tfjs-core';
import type { CudaBackend } from '../backend.ts';
import { type ConvolutionInputs, type EpilogueInputs, epilogueArguments, hasEpilogue } from './epilogue.ts';
import { native, type NativeKernel, sizeOf } from './native.ts';
import { reduceMiddle } from './reduce.ts';
import { convolutionPlan, isChannelsLast, type Plan } from './windows.ts';

function forward(
  backend: CudaBackend,
  { x, filter }: ConvolutionInputs,
  attrs: DepthwiseConv2dNativeAttrs,
  epilogue: EpilogueInputs,
): TensorInfo {
  const plan = convolutionPlan(x.shape, filter.shape, attrs, 'depthwise');
  const y = backend.allocate([plan.batch, plan.outHeight, plan.outWidth, plan.outChannels], 'float32');
  const size = sizeOf(y.shape);
  const [from, weights, to] = [x, filter, y].map((tensor) => backend.pointer(tensor));
  const after = epilogueArguments(backend, epilogue);
  backend.launchOver('depthwise_forward', size, from, weights, to, size, ...after, plan);
  return y;
}

/** Output channels of a block, and the least positions that are worth a chunk of their own. */
const LANES = 32;
const LEAST_CHUNK = 512;
const MOST_BLOCKS = 65535;

function filterGradient(backend: CudaBackend, plan: Plan, x: TensorInfo, dy: TensorInfo, shape: number[]): TensorInfo {
  const size = sizeOf(shape);
  const taps = plan.ringTaps + 1;
  const blocks = Math.ceil(plan.outChannels / LANES) * taps;
  const positions = plan.batch * plan.outHeight * plan.outWidth;
  const wanted = Math.ceil((4 * backend.device.multiprocessors) / blocks);
  const chunks = Math.max(1, Math.min(wanted, Math.floor(positions / LEAST_CHUNK), MOST_BLOCKS));
  const partial = backend.allocate([chunks, ...shape], 'float32');
  if (size > 0) {
    const grid = [Math.ceil(plan.outChannels / LANES), Math.min(taps, MOST_BLOCKS), chunks] as const;
    const [left, right, to] = [x, dy, partial].map((tensor) => backend.pointer(tensor));
    backend.launch('depthwise_filter_gradient', grid, [256], left, right, to, plan);
  }
  if (chunks === 1) return { ...partial, shape };
  const gradient = reduceMiddle(backend, 'reduce_sum_f32', partial, [1, chunks, size]);
  backend.release(partial);
  return { ...gradient, shape };
}

export const depthwiseKernels: readonly NativeKernel[] = [
  native<ConvolutionInputs, DepthwiseConv2dNativeAttrs>(
    DepthwiseConv2dNative,
    ({ backend, inputs, attrs }) => forward(backend, inputs, attrs, {}),
    ({ attrs }) => isChannelsLast(attrs),
  ),
  native<ConvolutionInputs, FusedDepthwiseConv2DAttrs>(
    FusedDepthwiseConv2D,
    ({ backend, inputs, attrs }) => forward(backend, inputs, attrs, { ...attrs, ...inputs }),
    ({ inputs: { filter, ...epilogue }, attrs }) =>
      isChannelsLast(attrs) && hasEpilogue({ ...attrs, ...epilogue }, filter.shape[2] * filter.shape[3]),
  ),
  native<{ readonly dy: TensorInfo; readonly filter: TensorInfo }, DepthwiseConv2dNativeBackpropInputAttrs>(
    DepthwiseConv2dNativeBackpropInput,
    ({ backend, inputs: { dy, filter }, attrs }) => {
      const plan = convolutionPlan(attrs.inputShape, filter.shape, attrs, 'depthwise');
      const dx = backend.allocate(attrs.inputShape, 'float32');
      const size = sizeOf(attrs.inputShape);
      const [from, weights, to] = [dy, filter, dx].map((tensor) => backend.pointer(tensor));
      backend.launchOver('depthwise_input_gradient', size, from, weights, to, size, plan);
      return dx;
    },
  ),
  native<{ readonly x: TensorInfo; readonly dy: TensorInfo }, DepthwiseConv2dNativeBackpropFilterAttrs>(
    DepthwiseConv2dNativeBackpropFilter,
    ({ backend, inputs: { x, dy }, attrs }) =>
      filterGradient(
        backend,
        convolutionPlan(x.shape, attrs.filterShape, attrs, 'depthwise'),
        x,
        dy,
        attrs.filterShape,
      ),
  ),
];
