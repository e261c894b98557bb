import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  centerCrop,
  channelStatistics,
  collectImages,
  fitShape,
  type Images,
  joinImages,
  type LabelledImages,
  selectImages,
} from '../src/index.ts';
import { randomBytes } from './support/bytes.ts';
import { expectArgumentError } from './support/failure.ts';

function images(count: number, height: number, width: number, channels: number, seed = 1): LabelledImages {
  return {
    count,
    height,
    width,
    channels,
    pixels: randomBytes(count * height * width * channels, seed),
    labels: randomBytes(count, seed + 1),
  };
}

function unlabelled({ count, height, width, channels, pixels }: Images): Images {
  return { count, height, width, channels, pixels };
}

/** Pixel value by its coordinates. */
function at({ height, width, channels, pixels }: Images, n: number, y: number, x: number, c: number): number {
  return pixels[((n * height + y) * width + x) * channels + c];
}

async function* streamOf<T>(...parts: readonly T[]): AsyncGenerator<T, void, undefined> {
  yield* parts;
}

const dimensions = fc.tuple(
  fc.integer({ min: 1, max: 4 }),
  fc.integer({ min: 1, max: 7 }),
  fc.integer({ min: 1, max: 7 }),
  fc.integer({ min: 1, max: 4 }),
);

describe('selectImages', () => {
  it('takes images and labels in the order asked for', () => {
    const set = { ...images(4, 2, 3, 2), coarseLabels: Uint8Array.of(5, 6, 7, 8) };
    const chosen = selectImages(set, [2, 0, 2]);
    expect(chosen.count).toBe(3);
    expect([...chosen.pixels]).toEqual([2, 0, 2].flatMap((n) => [...set.pixels.subarray(n * 12, (n + 1) * 12)]));
    expect([...chosen.labels]).toEqual([2, 0, 2].map((n) => set.labels[n]));
    expect(chosen).toMatchObject({ coarseLabels: Uint8Array.of(7, 5, 7) });
    expect(selectImages(unlabelled(set), [1])).not.toHaveProperty('labels');
    expect(selectImages(set, []).count).toBe(0);
  });

  it.each([4, -1, 0.5, NaN])('refuses index %d', async (index) => {
    await expectArgumentError(
      () => selectImages(images(4, 1, 1, 1), [0, index]),
      'indices[1]',
      String(index),
      '0 to 3',
    );
  });
});

describe('joinImages and collectImages', () => {
  it('put the parts of any split together again', async () => {
    await fc.assert(
      fc.asyncProperty(dimensions, fc.array(fc.integer({ min: 0, max: 4 }), { maxLength: 4 }), async (shape, cuts) => {
        const whole = images(...shape);
        const bounds = [0, ...cuts.map((cut) => Math.min(cut, whole.count)).toSorted((a, b) => a - b), whole.count];
        const parts = bounds.slice(1).map((end, i) =>
          selectImages(
            whole,
            Array.from({ length: end - bounds[i] }, (_, k) => bounds[i] + k),
          ),
        );
        expect(joinImages(parts)).toEqual(whole);
        expect(await collectImages(streamOf(...parts))).toEqual(whole);
        expect(await collectImages(streamOf(...parts), whole.count)).toEqual(whole);
      }),
    );
  });

  it('refuses parts that do not fit together', async () => {
    const first = images(1, 2, 3, 1);
    await expectArgumentError(() => joinImages([]), 'joinImages', 'at least one');
    await expectArgumentError(() => joinImages([first, images(1, 3, 2, 1)]), '3 x 2 x 1', '2 x 3 x 1 with labels');
    await expectArgumentError(() => joinImages([first, unlabelled(first)]), 'no labels');
    await expectArgumentError(
      () => joinImages([first, { ...first, coarseLabels: Uint8Array.of(1) }]),
      'coarse and fine',
    );
  });

  it('refuses another number of images than was said', async () => {
    await expectArgumentError(collectImages(streamOf(images(2, 1, 1, 1)), 3), 'count', '3', '2 came');
    await expectArgumentError(collectImages(streamOf(images(2, 1, 1, 1)), 1), 'count', 'more came');
    await expectArgumentError(collectImages(streamOf<Images>(), 1), 'at least one');
  });
});

describe('fitShape', () => {
  it('brings 28 x 28 x 1 to 32 x 32 x 3 with a black frame of 2 and equal channels', () => {
    const small = images(3, 28, 28, 1);
    const large = fitShape(small, [32, 32, 3]);
    expect(large).toMatchObject({ count: 3, height: 32, width: 32, channels: 3, labels: small.labels });
    for (let n = 0; n < 3; n++) {
      for (let y = 0; y < 32; y++) {
        for (let x = 0; x < 32; x++) {
          const inside = y >= 2 && y < 30 && x >= 2 && x < 30;
          const value = inside ? at(small, n, y - 2, x - 2, 0) : 0;
          for (let c = 0; c < 3; c++) expect(at(large, n, y, x, c)).toBe(value);
        }
      }
    }
  });

  it('is undone by a crop, whatever the padding', () => {
    fc.assert(
      fc.property(dimensions, fc.integer({ min: 0, max: 5 }), fc.integer({ min: 0, max: 5 }), (shape, more, wider) => {
        const set = images(...shape);
        const fitted = fitShape(set, [set.height + more, set.width + wider, set.channels]);
        expect(centerCrop(fitted, set.height, set.width)).toEqual(set);
      }),
    );
  });

  it('keeps images that fit', () => {
    const set = images(2, 3, 3, 3);
    expect(fitShape(set, [3, 3, 3])).toBe(set);
  });

  it.each([
    [[27, 32, 3], '[28, 28, 1]'],
    [[32, 27, 3], '[28, 28, 1]'],
    [[32, 32, 0], '1 or more channels'],
    [[32, 32], 'height, width, channels'],
    [[32.5, 32, 3], '32.5'],
    [[1e9, 32, 3], '1000000000'],
  ])('refuses %j', async (shape, words) => {
    await expectArgumentError(() => fitShape(images(1, 28, 28, 1), shape as never), 'shape', words);
  });

  it('refuses to invent channels', async () => {
    await expectArgumentError(() => fitShape(images(1, 2, 2, 3), [2, 2, 1]), '3 channels');
    await expectArgumentError(() => fitShape(images(1, 2, 2, 2), [2, 2, 4]), '2 channels');
  });
});

describe('centerCrop', () => {
  it('takes the middle', () => {
    const set = images(2, 5, 6, 2);
    const crop = centerCrop(set, 2, 3); // 1 row above, 2 below; 1 column left, 2 right
    for (let n = 0; n < 2; n++) {
      for (let y = 0; y < 2; y++) {
        for (let x = 0; x < 3; x++) {
          for (let c = 0; c < 2; c++) expect(at(crop, n, y, x, c)).toBe(at(set, n, y + 1, x + 1, c));
        }
      }
    }
    expect(crop.labels).toBe(set.labels);
  });

  it('refuses more than there is', async () => {
    await expectArgumentError(() => centerCrop(images(1, 5, 6, 1), 6, 6), 'height', '6', '1 to 5');
    await expectArgumentError(() => centerCrop(images(1, 5, 6, 1), 5, 0), 'width', '1 to 6');
  });
});

describe('channelStatistics', () => {
  it('agrees with the definition in float64, over any batches', async () => {
    await fc.assert(
      fc.asyncProperty(dimensions, fc.nat(), async ([count, height, width, channels], seed) => {
        const set = images(count, height, width, channels, seed);
        const parts = Array.from({ length: count }, (_, n) => selectImages(set, [n]));
        const { mean, std } = await channelStatistics(streamOf(...parts));
        for (let c = 0; c < channels; c++) {
          const values = Array.from(
            set.pixels.filter((_, i) => i % channels === c),
            (value) => value / 255,
          );
          const average = values.reduce((sum, value) => sum + value, 0) / values.length;
          const variance = values.reduce((sum, value) => sum + (value - average) ** 2, 0) / values.length;
          // float64 sums of n <= 196 values in [0, 1]: each is off by at most n * 2^-53 of its size
          expect(Math.abs(mean[c] - average)).toBeLessThanOrEqual(400 * Number.EPSILON);
          expect(Math.abs(std[c] ** 2 - variance)).toBeLessThanOrEqual(800 * Number.EPSILON);
        }
      }),
    );
  });

  it('takes one container too', async () => {
    const set = { count: 1, height: 1, width: 2, channels: 1, pixels: Uint8Array.of(0, 255) };
    expect(await channelStatistics(set)).toEqual({ mean: [0.5], std: [0.5] });
  });

  it('refuses nothing at all, and batches that differ', async () => {
    await expectArgumentError(channelStatistics(streamOf<Images>()), 'at least one image');
    await expectArgumentError(channelStatistics(images(0, 2, 2, 1)), 'at least one image');
    await expectArgumentError(
      channelStatistics(streamOf(images(1, 1, 1, 1), images(1, 1, 1, 3))),
      'channels',
      '3',
      '1 in every',
    );
  });
});
