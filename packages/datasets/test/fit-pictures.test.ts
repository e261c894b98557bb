import { describe, expect, it } from 'vitest';
import { fitPictures, fitShape, type Images, resizeImages } from '../src/index.ts';
import { randomBytes } from './support/bytes.ts';
import { expectArgumentError } from './support/failure.ts';

function images(count: number, height: number, width: number, channels: number): Images {
  return { count, height, width, channels, pixels: randomBytes(count * height * width * channels, 1) };
}

const FASHION = [28, 28, 1] as const;
const CIFAR = [32, 32, 3] as const;

describe('fitPictures', () => {
  it('gives an image of the set that was saved as a picture the bytes of the training', () => {
    const set = images(2, ...FASHION);
    const pictures = fitShape(set, [28, 28, 3]);
    expect(fitPictures(pictures, CIFAR, FASHION)).toEqual(fitShape(set, CIFAR));
  });

  it('takes a photograph to the size and colour of the set before it is fitted', () => {
    const photo = images(1, 40, 70, 3);
    const fitted = fitPictures(photo, CIFAR, FASHION);
    expect(fitted).toMatchObject({ height: 32, width: 32, channels: 3 });
    for (let i = 0; i < 32 * 32; i++) {
      const [y, x] = [i >> 5, i & 31];
      const [red, ...others] = fitted.pixels.subarray(3 * i, 3 * i + 3);
      expect(others).toEqual([red, red]);
      if (y < 2 || y >= 30 || x < 2 || x >= 30) expect(red).toBe(0);
    }
  });

  it('weights colours as BT.601 does, and keeps every grey', () => {
    const colours = [
      [255, 0, 0, 76],
      [0, 255, 0, 150],
      [0, 0, 255, 29],
      ...Array.from({ length: 256 }, (_, value) => [value, value, value, value]),
    ];
    const count = colours.length;
    const pixels = Uint8Array.from(colours.flatMap((colour) => colour.slice(0, 3)));
    const { pixels: greys } = fitPictures({ count, height: 1, width: 1, channels: 3, pixels }, [1, 1, 1]);
    expect([...greys]).toEqual(colours.map((colour) => colour[3]));
  });

  it('covers the input where the training images had no shape of their own', () => {
    const photo = images(1, 40, 70, 3);
    expect(fitPictures(photo, CIFAR)).toEqual(resizeImages(photo, { height: 32, width: 32, mode: 'cover' }));
  });

  it('refuses what the set could not have been fitted to', async () => {
    await expectArgumentError(() => fitPictures(images(1, 9, 9, 3), [20, 20, 3], FASHION), 'shape', '[28, 28, 1]');
  });
});
