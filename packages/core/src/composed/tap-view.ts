/** The pixels that one tap of the window reads, as a tensor: x shifted, strided and zero-padded to y's positions. */
import { pad, slice, stridedSlice, type Tensor4D, zeros } from '@tensorflow/tfjs-core';
import { type HetConvPlan, type Tap, tapRange } from '../spec/index.ts';

/** @returns `[batch, outHeight, outWidth, M]`; zeros where the tap reads padding */
export function tapView(x: Tensor4D, plan: HetConvPlan, tap: Tap): Tensor4D {
  const rowShift = tap.row * plan.dilationHeight - plan.padTop;
  const colShift = tap.col * plan.dilationWidth - plan.padLeft;
  const [rowStart, rowEnd] = tapRange(plan.outHeight, plan.inHeight, plan.strideHeight, rowShift);
  const [colStart, colEnd] = tapRange(plan.outWidth, plan.inWidth, plan.strideWidth, colShift);
  const rows = rowEnd - rowStart;
  const cols = colEnd - colStart;
  if (rows === 0 || cols === 0) return zeros([plan.batch, plan.outHeight, plan.outWidth, plan.inChannels]);
  const begin = [0, rowStart * plan.strideHeight + rowShift, colStart * plan.strideWidth + colShift, 0];
  const inside = sample(x, begin, [rows, cols], [plan.strideHeight, plan.strideWidth]);
  if (rows === plan.outHeight && cols === plan.outWidth) return inside;
  return pad(inside, [
    [0, 0],
    [rowStart, plan.outHeight - rowEnd],
    [colStart, plan.outWidth - colEnd],
    [0, 0],
  ]);
}

function sample(
  x: Tensor4D,
  begin: number[],
  [rows, cols]: [number, number],
  [rowStep, colStep]: [number, number],
): Tensor4D {
  const [batch, height, width, channels] = x.shape;
  if (rows === height && cols === width && rowStep === 1 && colStep === 1) return x;
  if (rowStep === 1 && colStep === 1) return slice(x, begin, [batch, rows, cols, channels]);
  const end = [batch, begin[1] + (rows - 1) * rowStep + 1, begin[2] + (cols - 1) * colStep + 1, channels];
  return stridedSlice(x, begin, end, [1, rowStep, colStep, 1]) as Tensor4D;
}
