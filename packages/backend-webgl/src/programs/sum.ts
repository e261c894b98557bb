/**
 * The sum of all taps, both ways: y from x, dx from dy. A texel of the result is 2 pixels x 2 channels; one loop adds the anchor tap
 * (a dense product), one the ring (by residue), into the same four accumulators.
 */
import type { HetConvPlan } from '@hetconv/core';
import type { Geometry, TapRow } from '../geometry.ts';
import type { SumOptions } from './products.ts';
import type { Uniforms } from './run.ts';
import { tapRowSource } from './tap-rows.ts';
import { singleTapSource } from './single-taps.ts';

/** @param tapRow given where columns are read as rows of taps */
export function sumSource(options: SumOptions, tapRow: TapRow | undefined, epilogue: string): string {
  const body = tapRow === undefined ? singleTapSource(options) : tapRowSource(options, tapRow);
  return `${epilogue}
${body}
vec4 compute(int row, int pair) {
  int widthPairs = pairsIn(outShape[2]);
  int line = quotient(row, widthPairs);
  int j = 2 * (row - line * widthPairs);
  int b = quotient(line, outShape[1]);
  vec4 y = finish(sumAt(b, line - b * outShape[1], j, pair), pair);
  if (j + 1 >= outShape[2]) y.zw = vec2(0.0);
  if (2 * pair + 1 >= outShape[3]) y.yw = vec2(0.0);
  return y;
}`;
}

/** Source pixels are [height, width], `size` their channels a residue; a block counts from `target / blockPairs`. */
export function sumUniforms(
  plan: HetConvPlan,
  geometry: Geometry,
  ring: { readonly depth: number; readonly blockPairs: number },
): Uniforms {
  return {
    sourceSize: [geometry.source.height, geometry.source.width],
    multiply: geometry.multiply,
    offset: geometry.offset,
    tapStep: geometry.step,
    divide: geometry.divide,
    kernel: [plan.kernelHeight, plan.kernelWidth],
    anchor: [plan.anchorRow, plan.anchorCol],
    part: plan.part,
    depth: ring.depth,
    blockPairs: ring.blockPairs,
  };
}
