/** One image from bytes to what the network sees, with its augmentation: a pure function of the bytes and of a random stream. */
import type { Random } from '@hetconv/core';
import type { ImageShape } from '@hetconv/datasets';
import type { Augmentation, Normalization } from '../recipe/recipe.ts';

/** Where an augmented image reads and what it loses. */
interface Draw {
  /** Pixel (y, x) of the result is pixel (y + top, x + left) of the original, black outside. */
  readonly top: number;
  readonly left: number;
  readonly isFlipped: boolean;
  /** Centre of the square that is cut out. */
  readonly row: number;
  readonly column: number;
}

/** Values by byte, 256 for each channel: the same numbers as `imagesToTensor` of @hetconv/datasets gives. */
export type NormalizationTable = readonly Float32Array[];

export function normalizationTable({ mean, std }: Normalization): NormalizationTable {
  return mean.map((m, c) => Float32Array.from({ length: 256 }, (_, pixel) => (pixel / 255 - m) / std[c]));
}

/** Without augmentation. @param pixels [..., channels] */
export function normalizeInto(target: Float32Array, pixels: Uint8Array, table: NormalizationTable): void {
  const channels = table.length;
  for (let c = 0; c < channels; c++) {
    const values = table[c];
    for (let i = c; i < pixels.length; i += channels) target[i] = values[pixels[i]];
  }
}

/**
 * Every random number is drawn whether it is used or not: switching one augmentation off leaves the others as they were.
 *
 * @param target [height, width, channels], overwritten
 * @param pixels [height, width, channels]
 */
export function augmentInto(
  target: Float32Array,
  pixels: Uint8Array,
  [height, width, channels]: ImageShape,
  augmentation: Augmentation,
  table: NormalizationTable,
  random: Random,
): void {
  const { padCrop, flip, cutout } = augmentation;
  const draw: Draw = {
    top: Math.floor(random.uniform() * (2 * padCrop + 1)) - padCrop,
    left: Math.floor(random.uniform() * (2 * padCrop + 1)) - padCrop,
    isFlipped: random.uniform() < 0.5 && flip,
    row: Math.floor(random.uniform() * height),
    column: Math.floor(random.uniform() * width),
  };
  for (let y = 0; y < height; y++) {
    const fromRow = y + draw.top;
    const isInside = fromRow >= 0 && fromRow < height;
    for (let x = 0; x < width; x++) {
      const fromColumn = (draw.isFlipped ? width - 1 - x : x) + draw.left;
      const from = isInside && fromColumn >= 0 && fromColumn < width ? (fromRow * width + fromColumn) * channels : -1;
      const to = (y * width + x) * channels;
      for (let c = 0; c < channels; c++) target[to + c] = table[c][from < 0 ? 0 : pixels[from + c]];
    }
  }
  if (cutout > 0) cutOut(target, [height, width, channels], cutout, draw);
}

function cutOut(target: Float32Array, [height, width, channels]: ImageShape, side: number, draw: Draw): void {
  const [top, left] = [draw.row - (side >> 1), draw.column - (side >> 1)];
  for (let y = Math.max(0, top); y < Math.min(height, top + side); y++) {
    const row = y * width;
    target.fill(0, (row + Math.max(0, left)) * channels, (row + Math.min(width, left + side)) * channels);
  }
}
