/** The geometry of a plan, as `tf.conv2d` takes it. */
import type { HetConvPlan } from '@hetconv/core';

type StockPadding = [[number, number], [number, number], [number, number], [number, number]];

/**
 * Explicit pads that make `tf.conv2d` read where the plan reads. Never a number: tfjs 4.22 applies the height's
 * kernel to both axes of a numeric pad. Where rounding up lets the last window hang over, it is given the room.
 */
export function stockPadding(plan: HetConvPlan): StockPadding {
  const rows = reach(plan.outHeight, plan.strideHeight, plan.kernelHeight, plan.dilationHeight);
  const cols = reach(plan.outWidth, plan.strideWidth, plan.kernelWidth, plan.dilationWidth);
  return [
    [0, 0],
    [plan.padTop, Math.max(plan.padBottom, rows - plan.inHeight - plan.padTop)],
    [plan.padLeft, Math.max(plan.padRight, cols - plan.inWidth - plan.padLeft)],
    [0, 0],
  ];
}

/** How many input positions the windows of `out` outputs span. */
function reach(out: number, stride: number, kernel: number, dilation: number): number {
  return (out - 1) * stride + (kernel - 1) * dilation + 1;
}

export function stockStrides(plan: HetConvPlan): [number, number] {
  return [plan.strideHeight, plan.strideWidth];
}

export function stockDilations(plan: HetConvPlan): [number, number] {
  return [plan.dilationHeight, plan.dilationWidth];
}
