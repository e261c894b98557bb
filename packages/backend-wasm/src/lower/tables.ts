/**
 * Indirection tables: per tile of pixels, int32 byte offsets of the target pixels, then, tap after tap, of the source
 * pixels that they read. A last, smaller tile takes what does not fill one. Offsets are relative to the tensors; only
 * taps that read padding point at a row of zeros elsewhere, and are listed so that they can follow when a tensor moves.
 */
import type { Sides, SubConvolution } from './sub-convolutions.ts';

export interface TableLayout {
  /** Full tiles and the pixels of the last, smaller one (0: none). */
  readonly tiles: number;
  readonly rest: number;
  /** Bytes from one full tile to the next. */
  readonly tileBytes: number;
  readonly bytes: number;
}

export function tableLayout(sub: SubConvolution, images: number, rows: number): TableLayout {
  const pixels = images * sub.rows.count * sub.cols.count;
  const entries = 1 + sub.taps.length;
  const tiles = Math.floor(pixels / rows);
  return { tiles, rest: pixels - tiles * rows, tileBytes: 4 * rows * entries, bytes: 4 * pixels * entries };
}

/**
 * Writes the table of `images` images at index `at` of the int32 view.
 *
 * @returns indices, relative to `at`, of the entries that read padding; their values are for the caller to set
 */
export function writeTable(
  ints: Int32Array,
  at: number,
  sub: SubConvolution,
  sides: Sides,
  images: number,
  tileRows: number,
): Int32Array {
  const { rows, cols, taps } = sub;
  const { sourceHeight, sourceWidth, sourceChannels, targetHeight, targetWidth, targetChannels } = sides;
  const pixels = images * rows.count * cols.count;
  const padding: number[] = [];
  let pixel = 0;
  for (let b = 0; b < images; b++) {
    for (let i = 0; i < rows.count; i++) {
      const targetRow = (b * targetHeight + rows.start + i * rows.step) * targetWidth;
      for (let j = 0; j < cols.count; j++, pixel++) {
        const lane = pixel % tileRows;
        const first = pixel - lane;
        const height = Math.min(tileRows, pixels - first);
        let entry = first * (1 + taps.length) + lane;
        ints[at + entry] = 4 * targetChannels * (targetRow + cols.start + j * cols.step);
        for (const { rowShift, colShift } of taps) {
          entry += height;
          const row = i * rows.sourceStep + rowShift;
          const col = j * cols.sourceStep + colShift;
          if (row >= 0 && row < sourceHeight && col >= 0 && col < sourceWidth) {
            ints[at + entry] = 4 * sourceChannels * ((b * sourceHeight + row) * sourceWidth + col);
          } else {
            padding.push(entry);
          }
        }
      }
    }
  }
  return Int32Array.from(padding);
}
