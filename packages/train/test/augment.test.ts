import { createRandom, type Random } from '@hetconv/core';
import { imagesToTensor } from '@hetconv/datasets';
import '@tensorflow/tfjs-backend-cpu';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { augmentInto, normalizationTable, normalizeInto } from '../src/data/augment.ts';
import type { Augmentation } from '../src/index.ts';

type Shape = [number, number, number];

/** The same again, the long way: pad, crop, mirror, normalise, blank, each on arrays of rows. */
function naive(
  pixels: Uint8Array,
  [height, width, channels]: Shape,
  a: Augmentation,
  mean: number[],
  std: number[],
  random: Random,
): number[] {
  const pick = (count: number): number => Math.floor(random.uniform() * count);
  const [top, left] = [pick(2 * a.padCrop + 1), pick(2 * a.padCrop + 1)];
  const isFlipped = random.uniform() < 0.5;
  const [row, column] = [pick(height), pick(width)];
  const black: number[] = Array.from({ length: channels }, () => 0);
  const padded = Array.from({ length: height + 2 * a.padCrop }, () =>
    Array.from({ length: width + 2 * a.padCrop }, () => black),
  );
  for (let y = 0; y < height; y++) {
    for (let x = 0; x < width; x++) {
      const at = (y * width + x) * channels;
      padded[y + a.padCrop][x + a.padCrop] = [...pixels.subarray(at, at + channels)];
    }
  }
  let rows = padded.slice(top, top + height).map((line) => line.slice(left, left + width));
  if (a.flip && isFlipped) rows = rows.map((line) => line.toReversed());
  const half = Math.floor(a.cutout / 2);
  return rows.flatMap((line, y) =>
    line.flatMap((pixel, x) =>
      pixel.map((value, c) => {
        const isCut =
          y >= row - half && y < row - half + a.cutout && x >= column - half && x < column - half + a.cutout;
        return isCut ? 0 : Math.fround((value / 255 - mean[c]) / std[c]);
      }),
    ),
  );
}

describe('augmentation', () => {
  it('is that of the naive reference, whatever the shape', () => {
    const side = fc.integer({ min: 1, max: 9 });
    const augmentation = fc.record({
      padCrop: fc.integer({ min: 0, max: 5 }),
      flip: fc.boolean(),
      cutout: fc.integer({ min: 0, max: 12 }),
    });
    fc.assert(
      fc.property(
        side,
        side,
        fc.constantFrom(1, 3),
        augmentation,
        fc.string(),
        (height, width, channels, options, seed) => {
          const shape: Shape = [height, width, channels];
          const draw = createRandom(`pixels/${seed}`);
          const pixels = Uint8Array.from({ length: height * width * channels }, () => draw.integer(0, 255));
          const [mean, std] = [[0.2, 0.5, 0.7].slice(0, channels), [0.3, 0.25, 0.5].slice(0, channels)];
          const target = new Float32Array(pixels.length).fill(9);
          augmentInto(target, pixels, shape, options, normalizationTable({ mean, std }), createRandom(seed));
          expect([...target]).toEqual(naive(pixels, shape, options, mean, std, createRandom(seed)));
        },
      ),
    );
  });

  it('switched off, it gives the values of imagesToTensor', () => {
    const pixels = Uint8Array.from({ length: 256 * 3 }, (_, i) => i & 255);
    const [mean, std] = [
      [0.49, 0.48, 0.44],
      [0.24, 0.23, 0.26],
    ];
    const target = new Float32Array(pixels.length);
    normalizeInto(target, pixels, normalizationTable({ mean, std }));
    const tensor = imagesToTensor({ count: 1, height: 16, width: 16, channels: 3, pixels }, { mean, std });
    expect(target).toEqual(tensor.dataSync());
    tensor.dispose();
    const off = { padCrop: 0, flip: false, cutout: 0 };
    const augmented = new Float32Array(pixels.length);
    augmentInto(augmented, pixels, [16, 16, 3], off, normalizationTable({ mean, std }), createRandom(1));
    expect(augmented).toEqual(target);
  });
});
