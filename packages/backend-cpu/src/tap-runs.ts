/**
 * Which pixels meet at one tap: for each row of the output, the run of positions whose tap lies inside the input.
 * Padding is never touched: taps that would read it do not occur.
 */
import { type HetConvPlan, type Tap, tapRange } from '@hetconv/core';

/**
 * Calls `visit(inPixel, outPixel, pixels)` for every image and output row: `outPixel` is the flat index of the run's first
 * output position, `inPixel` that of the input pixel it reads there; the run goes on by 1 and by `strideWidth` pixels.
 */
export function forEachTapRun(
  plan: HetConvPlan,
  tap: Tap,
  visit: (inPixel: number, outPixel: number, pixels: number) => void,
): void {
  const { inHeight, inWidth, outHeight, outWidth, strideHeight, strideWidth } = plan;
  const rowShift = tap.row * plan.dilationHeight - plan.padTop;
  const colShift = tap.col * plan.dilationWidth - plan.padLeft;
  const [rowStart, rowEnd] = tapRange(outHeight, inHeight, strideHeight, rowShift);
  const [colStart, colEnd] = tapRange(outWidth, inWidth, strideWidth, colShift);
  if (colStart === colEnd) return;
  for (let b = 0; b < plan.batch; b++) {
    for (let i = rowStart; i < rowEnd; i++) {
      const inRow = b * inHeight + i * strideHeight + rowShift;
      const outRow = b * outHeight + i;
      visit(inRow * inWidth + colStart * strideWidth + colShift, outRow * outWidth + colStart, colEnd - colStart);
    }
  }
}
