/** The window of a plan in the words of tfjs's convolution ops. */
import { effectiveKernel, type HetConvPlan } from '../spec/index.ts';

type Sides = [number, number];

export function strides(plan: HetConvPlan): Sides {
  return [plan.strideHeight, plan.strideWidth];
}

export function dilations(plan: HetConvPlan): Sides {
  return [plan.dilationHeight, plan.dilationWidth];
}

/** Explicit pads from which tfjs computes exactly the plan's output size, whatever its rounding mode was. */
export function explicitPads(plan: HetConvPlan): [Sides, Sides, Sides, Sides] {
  const rows = reach(plan.outHeight, plan.strideHeight, plan.kernelHeight, plan.dilationHeight);
  const cols = reach(plan.outWidth, plan.strideWidth, plan.kernelWidth, plan.dilationWidth);
  return [
    [0, 0],
    [plan.padTop, Math.max(0, rows - plan.inHeight - plan.padTop)],
    [plan.padLeft, Math.max(0, cols - plan.inWidth - plan.padLeft)],
    [0, 0],
  ];
}

/** Positions from the first one that the first window covers to the last one of the last window. */
function reach(outSize: number, stride: number, kernel: number, dilation: number): number {
  return (outSize - 1) * stride + effectiveKernel(kernel, dilation);
}
