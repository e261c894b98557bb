/** Which pixels of x and dy meet at each tap, as byte offsets; taps that would read padding do not occur. */
import { type HetConvPlan, type Tap, tapRange } from '@hetconv/core';
import { PAIR_BYTES } from '../emit/outer-kernel.ts';

/** The pixels along one axis that meet at a tap: [start, end) of y; x lies at position*stride + shift. */
interface Overlap {
  readonly start: number;
  readonly end: number;
  readonly shift: number;
}

export interface TapPairs {
  /** Byte offset of the tap's list. */
  readonly offset: number;
  readonly count: number;
}

/** Where the lists of `taps` lie, one behind the other, for `images` images. */
export function pairLayout(
  plan: HetConvPlan,
  taps: readonly Tap[],
  images: number,
): { lists: TapPairs[]; bytes: number } {
  let bytes = 0;
  const lists = taps.map((tap): TapPairs => {
    const [rows, cols] = overlaps(plan, tap);
    const list = { offset: bytes, count: images * (rows.end - rows.start) * (cols.end - cols.start) };
    bytes += PAIR_BYTES * list.count;
    return list;
  });
  return { lists, bytes };
}

/** Writes the lists at index `at` of the int32 view, in the order of {@link pairLayout}. */
export function writePairs(
  ints: Int32Array,
  at: number,
  plan: HetConvPlan,
  taps: readonly Tap[],
  images: number,
): void {
  const { inHeight, inWidth, inChannels, outHeight, outWidth, outChannels, strideHeight, strideWidth } = plan;
  let entry = at;
  for (const tap of taps) {
    const [rows, cols] = overlaps(plan, tap);
    for (let b = 0; b < images; b++) {
      for (let i = rows.start; i < rows.end; i++) {
        const inRow = (b * inHeight + i * strideHeight + rows.shift) * inWidth + cols.shift;
        const outRow = (b * outHeight + i) * outWidth;
        for (let j = cols.start; j < cols.end; j++) {
          ints[entry++] = 4 * inChannels * (inRow + j * strideWidth);
          ints[entry++] = 4 * outChannels * (outRow + j);
        }
      }
    }
  }
}

function overlaps(plan: HetConvPlan, tap: Tap): [Overlap, Overlap] {
  const rowShift = tap.row * plan.dilationHeight - plan.padTop;
  const colShift = tap.col * plan.dilationWidth - plan.padLeft;
  const [rowStart, rowEnd] = tapRange(plan.outHeight, plan.inHeight, plan.strideHeight, rowShift);
  const [colStart, colEnd] = tapRange(plan.outWidth, plan.inWidth, plan.strideWidth, colShift);
  return [
    { start: rowStart, end: rowEnd, shift: rowShift },
    { start: colStart, end: colEnd, shift: colShift },
  ];
}
