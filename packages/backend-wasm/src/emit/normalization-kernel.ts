/** The elementwise passes of batch normalisation, forward and backward. */
import { f32x4 } from '../assembler/instructions.ts';
import type { RowwiseKernel } from './rowwise-kernel.ts';

/** y = (x - mean) * factor + offset, all three per channel. */
export const NORMALIZATION: RowwiseKernel = {
  matrices: 1,
  vectors: 3,
  compute: ([x], [mean, factor, offset]) => f32x4.add(f32x4.mul(f32x4.sub(x, mean), factor), offset),
};

/** dx = dy * factor + ((x - mean) * slope + offset), all four per channel. */
export const NORMALIZATION_GRADIENT: RowwiseKernel = {
  matrices: 2,
  vectors: 4,
  compute: ([x, dy], [mean, factor, slope, offset]) =>
    f32x4.add(f32x4.mul(dy, factor), f32x4.add(f32x4.mul(f32x4.sub(x, mean), slope), offset)),
};
