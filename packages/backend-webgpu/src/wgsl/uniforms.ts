/** The uniform block that all HetConv shaders share, and the numbers for it. */
import type { HetConvPlan } from '@hetconv/core';

/** As tfjs takes them: at most 6 numbers a field. */
export interface Uniform {
  type: 'int32' | 'float32';
  data: number[];
}

/**
 * Fields, in the order of {@link uniformsOf}. `source` is what is read with a window (x; dy for the input gradient),
 * `goal` what is written at every position.
 */
export const UNIFORMS: string = [
  'sourceSize : vec4<i32>', // batch, height, width, channels
  'goalSize : vec4<i32>', // batch, height, width, channels
  'window : vec4<i32>', // kernel height, kernel width, P, Q
  'stride : vec4<i32>', // stride height, width; dilation height, width
  'origin : vec4<i32>', // padding top, left; anchor row, column
  'extra : vec4<i32>', // what only one shader needs
  'slope : f32',
]
  .map((field) => `${field},`)
  .join(' ');

/**
 * @param reversed true where dy is the source and dx the goal
 * @param slope of 'leakyrelu' below 0
 */
export function uniformsOf(plan: HetConvPlan, reversed: boolean, extra: readonly number[], slope = 0): Uniform[] {
  const input = [plan.batch, plan.inHeight, plan.inWidth, plan.inChannels];
  const output = [plan.batch, plan.outHeight, plan.outWidth, plan.outChannels];
  const rows = [
    reversed ? output : input,
    reversed ? input : output,
    [plan.kernelHeight, plan.kernelWidth, plan.part, plan.depth],
    [plan.strideHeight, plan.strideWidth, plan.dilationHeight, plan.dilationWidth],
    [plan.padTop, plan.padLeft, plan.anchorRow, plan.anchorCol],
    [...extra, 0, 0, 0, 0].slice(0, 4),
  ];
  return [...rows.map((data): Uniform => ({ type: 'int32', data })), { type: 'float32', data: [slope] }];
}
