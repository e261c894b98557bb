/** tfjs's Conv2D and FusedConv2D by the P = 1 kernel; what it does not serve goes on to the stock kernel. */
import type { BackendWasm } from '@tensorflow/tfjs-backend-wasm';
import {
  backend_util,
  Conv2D,
  type Conv2DAttrs,
  FusedConv2D,
  type FusedConv2DAttrs,
  type KernelFunc,
  type TensorInfo,
} from '@tensorflow/tfjs-core';
import type { InstructionSet } from '../host/instruction-set.ts';
import { runtimeOf } from '../host/runtime.ts';
import { type Epilogue, Passes } from '../passes.ts';
import { denseWeights, standardPlan } from './plans.ts';
import { replaceKernel } from './replace-kernel.ts';

interface Inputs {
  readonly x: TensorInfo;
  readonly filter: TensorInfo;
  readonly bias?: TensorInfo;
  readonly preluActivationWeights?: TensorInfo;
}

type Shape4D = [number, number, number, number];

/** See `registerConv2D` of the package. */
export function registerForwardKernels(instructionSet: InstructionSet): void {
  for (const kernelName of [Conv2D, FusedConv2D]) {
    replaceKernel(kernelName, (stock): KernelFunc => (args) => {
      const inputs = args.inputs as unknown as Inputs;
      const attrs = args.attrs as unknown as Conv2DAttrs & Partial<FusedConv2DAttrs>;
      const epilogue = epilogueOf(inputs, attrs);
      const format = backend_util.convertConv2DDataFormat(attrs.dataFormat);
      if (epilogue === undefined || format !== 'channelsLast') return stock(args);
      const info = backend_util.computeConv2DInfo(
        inputs.x.shape as Shape4D,
        inputs.filter.shape as Shape4D,
        attrs.strides,
        attrs.dilations,
        attrs.pad,
        attrs.dimRoundingMode,
        false,
        format,
      );
      const passes = new Passes(runtimeOf(args.backend as BackendWasm), instructionSet);
      const plan = standardPlan(info);
      const weights = denseWeights(passes.runtime.host, plan, inputs.filter);
      return passes.forward(plan, inputs.x, weights, epilogue);
    });
  }
}

/** undefined: not one that our kernel computes (bias or slopes that are not one value per channel). */
function epilogueOf(inputs: Inputs, attrs: Partial<FusedConv2DAttrs>): Epilogue | undefined {
  const channels = inputs.filter.shape[3];
  const bias = inputs.bias ?? undefined; // tfjs may say null
  const preluActivationWeights = inputs.preluActivationWeights ?? undefined;
  for (const perChannel of [bias, preluActivationWeights]) {
    if (perChannel !== undefined && size(perChannel) !== channels) return undefined;
  }
  return {
    bias,
    activation: attrs.activation ?? 'linear',
    preluActivationWeights,
    leakyreluAlpha: attrs.leakyreluAlpha ?? 0,
  };
}

const size = ({ shape }: TensorInfo): number => shape.reduce((product, side) => product * side, 1);
