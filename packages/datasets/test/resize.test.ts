import '@tensorflow/tfjs-backend-cpu';
import { image as tfImage, memory, setBackend, tensor4d } from '@tensorflow/tfjs-core';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type Images, resizeImages, type ResizeOptions } from '../src/index.ts';
import { randomBytes } from './support/bytes.ts';
import { expectArgumentError } from './support/failure.ts';

function images(count: number, height: number, width: number, channels: number, seed = 1): Images {
  return { count, height, width, channels, pixels: randomBytes(count * height * width * channels, seed) };
}

const side = fc.integer({ min: 1, max: 12 });
const shape = fc.tuple(fc.integer({ min: 1, max: 2 }), side, side, fc.integer({ min: 1, max: 3 }));

/**
 * The definition, in float64 and without separating the axes: the mean of all source pixels under a pyramid around the output
 * pixel's centre.
 */
function oracle(set: Images, n: number, c: number, center: readonly number[], radius: readonly number[]): number {
  let sum = 0;
  let total = 0;
  for (let y = 0; y < set.height; y++) {
    for (let x = 0; x < set.width; x++) {
      const weight =
        Math.max(0, 1 - Math.abs(y + 0.5 - center[0]) / radius[0]) *
        Math.max(0, 1 - Math.abs(x + 0.5 - center[1]) / radius[1]);
      sum += weight * set.pixels[((n * set.height + y) * set.width + x) * set.channels + c];
      total += weight;
    }
  }
  return sum / total;
}

describe('resizeImages', () => {
  it('is the pyramid-weighted mean, for every size, mode and filter', () => {
    const modes = fc.constantFrom('stretch', 'cover', 'contain');
    fc.assert(
      fc.property(shape, side, side, modes, fc.boolean(), fc.nat(), (from, height, width, mode, antialias, seed) => {
        const set = images(...from, seed);
        const result = resizeImages(set, { height, width, mode, antialias, fill: 77 });
        const scales = [height / set.height, width / set.width];
        const scale = mode === 'cover' ? Math.max(...scales) : Math.min(...scales);
        // size of the drawn picture, its place, and the part of the source it shows
        const drawn = [height, width];
        const start = [0, 0];
        const shown = [set.height, set.width];
        for (const axis of [0, 1]) {
          if (mode === 'cover') {
            const size = Math.min(shown[axis], drawn[axis] / scale);
            start[axis] = (shown[axis] - size) / 2;
            shown[axis] = size;
          } else if (mode === 'contain' && scales[axis] !== scale) {
            drawn[axis] = Math.max(1, Math.round(shown[axis] * scale));
          }
        }
        const top = Math.floor((height - drawn[0]) / 2);
        const left = Math.floor((width - drawn[1]) / 2);
        const radius = [0, 1].map((axis) => (antialias ? Math.max(1, shown[axis] / drawn[axis]) : 1));
        for (let n = 0; n < set.count; n++) {
          for (let y = 0; y < height; y++) {
            for (let x = 0; x < width; x++) {
              for (let c = 0; c < set.channels; c++) {
                const value = result.pixels[((n * height + y) * width + x) * set.channels + c];
                const inside = y >= top && y < top + drawn[0] && x >= left && x < left + drawn[1];
                if (!inside) {
                  expect(value).toBe(77);
                  continue;
                }
                const center = [y - top, x - left].map(
                  (i, axis) => start[axis] + ((i + 0.5) * shown[axis]) / drawn[axis],
                );
                // rounded to the nearest byte; 1e-9 is far above float64's error over 144 weights
                expect(Math.abs(value - oracle(set, n, c, center, radius))).toBeLessThanOrEqual(0.5 + 1e-9);
              }
            }
          }
        }
      }),
      { numRuns: 300 },
    );
  });

  it('changes nothing at the same size', () => {
    fc.assert(
      fc.property(shape, fc.constantFrom('stretch', 'cover', 'contain'), (from, mode) => {
        const set = images(...from);
        expect(resizeImages(set, { height: set.height, width: set.width, mode })).toEqual(set);
      }),
    );
  });

  it('agrees with tf.image.resizeBilinear at half-pixel centres when it does not average', async () => {
    await setBackend('cpu');
    const before = memory().numTensors;
    for (const [from, to] of [
      [9, 4],
      [4, 9],
      [7, 7],
      [32, 224],
      [33, 5],
    ]) {
      const set = images(2, from, from + 1, 3);
      const x = tensor4d(Float32Array.from(set.pixels), [2, from, from + 1, 3]);
      const y = tfImage.resizeBilinear(x, [to, to], false, true);
      const theirs = await y.data();
      const ours = resizeImages(set, { height: to, width: to, antialias: false }).pixels;
      // half a step of rounding, and float32's error in their coordinates (below 2^-17 of a pixel) times the contrast of 255
      theirs.forEach((value, i) => expect(Math.abs(value - ours[i])).toBeLessThanOrEqual(0.5 + 255 * 2 ** -15));
      x.dispose();
      y.dispose();
    }
    expect(memory().numTensors).toBe(before);
  });

  it('pads per channel and keeps labels', () => {
    const set = { ...images(1, 2, 4, 3), labels: Uint8Array.of(6) };
    const result = resizeImages(set, { height: 4, width: 4, mode: 'contain', fill: [10, 20, 30] });
    expect([...result.pixels.subarray(0, 3)]).toEqual([10, 20, 30]);
    expect([...result.pixels.subarray(3 * 16 - 3)]).toEqual([10, 20, 30]);
    expect([...result.pixels.subarray(12, 36)]).toEqual([...set.pixels]);
    expect(result.labels).toBe(set.labels);
  });

  it.each([
    [{ height: 0, width: 4 }, 'height', '0'],
    [{ height: 4, width: 2.5 }, 'width', '2.5'],
    [{ height: 4, width: 20_000 }, 'width', '16384'],
    [{ height: 4, width: 4, mode: 'crop' }, 'mode', "'contain'"],
    [{ height: 4, width: 4, fill: 256 }, 'fill', '0 to 255'],
    [{ height: 4, width: 4, fill: [1, 2] }, 'fill', '[3 of them]'],
  ])('refuses %j', async (options, ...words: unknown[]) => {
    await expectArgumentError(() => resizeImages(images(1, 2, 2, 3), options as ResizeOptions), ...words.map(String));
  });
});
