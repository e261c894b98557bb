/**
 * Kernels that stock tfjs wasm lacks for training convolutional networks. Found by tracing `fit` of VGG-, ResNet- and
 * MobileNet-like tf.layers models with every common optimiser: these three are missing, the rest is there.
 * Conv2DBackpropInput exists, but is scalar code; it is replaced by the input gradient of P = 1.
 */
import { ringTaps, UnsupportedError } from '@hetconv/core';
import type { BackendWasm } from '@tensorflow/tfjs-backend-wasm';
import {
  backend_util,
  Conv2DBackpropFilter,
  type Conv2DBackpropFilterAttrs,
  Conv2DBackpropInput,
  type Conv2DBackpropInputAttrs,
  DepthwiseConv2dNativeBackpropFilter,
  type DepthwiseConv2dNativeBackpropFilterAttrs,
  DepthwiseConv2dNativeBackpropInput,
  type DepthwiseConv2dNativeBackpropInputAttrs,
  type KernelFunc,
  type TensorInfo,
} from '@tensorflow/tfjs-core';
import type { InstructionSet } from '../host/instruction-set.ts';
import { runtimeOf } from '../host/runtime.ts';
import { Passes } from '../passes.ts';
import { swapLastAxes } from './axes.ts';
import { denseWeights, depthwisePlan, depthwiseWeights, standardPlan } from './plans.ts';
import { addKernel, replaceKernel } from './replace-kernel.ts';

type Shape4D = [number, number, number, number];

/** See `registerTrainingKernels` of the package. */
export function registerGradientKernels(instructionSet: InstructionSet): void {
  const passesOf = (backend: BackendWasm): Passes => new Passes(runtimeOf(backend), instructionSet);

  addKernel(
    Conv2DBackpropFilter,
    kernel(({ x, dy }, attributes, backend) => {
      const attrs = attributes as Conv2DBackpropFilterAttrs;
      const { strides, pad, dimRoundingMode, filterShape } = attrs;
      const format = backend_util.convertConv2DDataFormat(attrs.dataFormat);
      requireChannelsLast(Conv2DBackpropFilter, format);
      const plan = standardPlan(
        backend_util.computeConv2DInfo(shape4D(x), filterShape, strides, 1, pad, dimRoundingMode, false, format),
      );
      const window = { ...plan, anchorRow: -1 }; // no tap stands apart: all of them, in order
      return passesOf(backend).filterGradient(plan, 1, ringTaps(window), filterShape, x, dy);
    }),
  );

  replaceKernel(Conv2DBackpropInput, (stock) =>
    kernel(({ dy, filter }, attributes, backend) => {
      const attrs = attributes as Conv2DBackpropInputAttrs;
      const { strides, pad, dimRoundingMode, inputShape } = attrs;
      const format = backend_util.convertConv2DDataFormat(attrs.dataFormat);
      if (format !== 'channelsLast') {
        return stock({ inputs: { dy, filter }, attrs: { ...attrs }, backend }) as TensorInfo;
      }
      const passes = passesOf(backend);
      const plan = standardPlan(
        backend_util.computeConv2DInfo(inputShape, shape4D(filter), strides, 1, pad, dimRoundingMode, false, format),
      );
      return passes.inputGradient(plan, dy, denseWeights(passes.runtime.host, plan, filter));
    }),
  );

  addKernel(
    DepthwiseConv2dNativeBackpropFilter,
    kernel(({ x, dy }, attributes, backend) => {
      const attrs = attributes as DepthwiseConv2dNativeBackpropFilterAttrs;
      const { strides, dilations, pad, dimRoundingMode, filterShape } = attrs;
      const info = backend_util.computeConv2DInfo(
        shape4D(x),
        filterShape,
        strides,
        dilations,
        pad,
        dimRoundingMode,
        true,
      );
      const plan = depthwisePlan(info);
      const [height, width, channels, multiplier] = filterShape;
      const passes = passesOf(backend);
      const cyclic = swapLastAxes(backend, dy, channels, multiplier);
      try {
        const shape = [height, width, multiplier, channels];
        const gradient = passes.filterGradient(plan, plan.part, ringTaps(plan), shape, x, cyclic.tensor);
        if (multiplier === 1) return { ...gradient, shape: filterShape };
        const ordered = swapLastAxes(backend, gradient, multiplier, channels);
        backend.disposeData(gradient.dataId);
        return { ...ordered.tensor, shape: filterShape };
      } finally {
        cyclic.release();
      }
    }),
  );

  addKernel(
    DepthwiseConv2dNativeBackpropInput,
    kernel(({ dy, filter }, attributes, backend) => {
      const attrs = attributes as DepthwiseConv2dNativeBackpropInputAttrs;
      const { strides, dilations, pad, dimRoundingMode, inputShape } = attrs;
      const filterShape = shape4D(filter);
      const info = backend_util.computeConv2DInfo(
        inputShape,
        filterShape,
        strides,
        dilations,
        pad,
        dimRoundingMode,
        true,
      );
      const plan = depthwisePlan(info);
      const [, , channels, multiplier] = filterShape;
      const passes = passesOf(backend);
      const cyclicDy = swapLastAxes(backend, dy, channels, multiplier);
      const cyclicFilter = swapLastAxes(backend, filter, channels, multiplier);
      try {
        const weights = depthwiseWeights(passes.runtime.host, plan, cyclicFilter.tensor);
        return passes.inputGradient(plan, cyclicDy.tensor, weights);
      } finally {
        cyclicDy.release();
        cyclicFilter.release();
      }
    }),
  );
}

type Inputs = Readonly<Record<'x' | 'dy' | 'filter', TensorInfo>>;

/** A kernel function of named inputs, from tfjs's untyped one. */
function kernel(run: (inputs: Inputs, attrs: unknown, backend: BackendWasm) => TensorInfo): KernelFunc {
  return ({ inputs, attrs, backend }) => run(inputs as unknown as Inputs, attrs, backend as BackendWasm);
}

function requireChannelsLast(kernelName: string, format: string): void {
  if (format === 'channelsLast') return;
  throw new UnsupportedError(`${kernelName} of the wasm backend takes dataFormat 'NHWC' only, but was given 'NCHW'.`);
}

const shape4D = ({ shape }: TensorInfo): Shape4D => shape as Shape4D;
