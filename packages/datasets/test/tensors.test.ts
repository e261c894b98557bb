import '@tensorflow/tfjs-backend-cpu';
import { memory, setBackend } from '@tensorflow/tfjs-core';
import fc from 'fast-check';
import { beforeAll, describe, expect, it } from 'vitest';
import { fitShape, type Images, imagesToTensor, imageToTensor, labelsToTensor, selectImages } from '../src/index.ts';
import { randomBytes } from './support/bytes.ts';
import { expectArgumentError } from './support/failure.ts';

beforeAll(() => setBackend('cpu'));

function images(count: number, height: number, width: number, channels: number, seed = 1): Images {
  return { count, height, width, channels, pixels: randomBytes(count * height * width * channels, seed) };
}

describe('imagesToTensor', () => {
  it('is the float64 formula, rounded once', async () => {
    const values = fc.array(fc.double({ min: -2, max: 2, noNaN: true }), { minLength: 3, maxLength: 3 });
    const positive = fc.array(fc.double({ min: 0.01, max: 9, noNaN: true }), { minLength: 3, maxLength: 3 });
    await fc.assert(
      fc.asyncProperty(values, positive, fc.constantFrom('unit', 'byte'), fc.nat(), async (mean, std, range, seed) => {
        const set = images(2, 4, 5, 3, seed);
        const tensor = imagesToTensor(set, { mean, std, range });
        expect(tensor.shape).toEqual([2, 4, 5, 3]);
        expect(tensor.dtype).toBe('float32');
        const top = range === 'unit' ? 255 : 1;
        const expected = Float32Array.from(set.pixels, (pixel, i) => (pixel / top - mean[i % 3]) / std[i % 3]);
        expect(await tensor.data()).toEqual(expected);
        tensor.dispose();
      }),
    );
  });

  it('defaults to 0..1, and takes one mean for all channels', async () => {
    const set = { count: 1, height: 1, width: 1, channels: 3, pixels: Uint8Array.of(0, 51, 255) };
    const plain = imagesToTensor(set);
    const signed = imagesToTensor(set, { mean: 0.5, std: 0.5 });
    expect([...(await plain.data())]).toEqual([0, Math.fround(0.2), 1]);
    expect([...(await signed.data())]).toEqual([-1, Math.fround((0.2 - 0.5) / 0.5), 1]);
    plain.dispose();
    signed.dispose();
  });

  it('selects, then fits, then normalises: padding is black, not zero', async () => {
    const set = images(5, 28, 28, 1);
    const before = memory().numTensors;
    const tensor = imagesToTensor(set, { indices: [4, 1], shape: [32, 32, 3], mean: [0.1, 0.2, 0.3], std: 0.5 });
    const direct = imagesToTensor(fitShape(selectImages(set, [4, 1]), [32, 32, 3]), {
      mean: [0.1, 0.2, 0.3],
      std: 0.5,
    });
    expect(tensor.shape).toEqual([2, 32, 32, 3]);
    expect(await tensor.data()).toEqual(await direct.data());
    expect([...(await tensor.data()).subarray(0, 3)]).toEqual([-0.2, -0.4, -0.6].map(Math.fround));
    expect(memory().numTensors).toBe(before + 2);
    tensor.dispose();
    direct.dispose();
  });

  it('takes no images at all', () => {
    const tensor = imagesToTensor(images(3, 2, 2, 1), { indices: [] });
    expect(tensor.shape).toEqual([0, 2, 2, 1]);
    tensor.dispose();
  });
});

describe('imageToTensor and labelsToTensor', () => {
  it('give [h, w, c] and [n]', async () => {
    const picture = imageToTensor(images(1, 3, 2, 3));
    expect(picture.shape).toEqual([3, 2, 3]);
    const labels = labelsToTensor(Uint8Array.of(3, 250, 9));
    const some = labelsToTensor(Uint8Array.of(3, 250, 9), [1, 1, 0]);
    expect([labels.dtype, labels.shape]).toEqual(['int32', [3]]);
    expect([...(await labels.data())]).toEqual([3, 250, 9]);
    expect([...(await some.data())]).toEqual([250, 250, 3]);
    for (const tensor of [picture, labels, some]) tensor.dispose();
  });
});

describe('refusals', () => {
  const set = images(2, 2, 2, 3);

  it.each([
    [{ mean: [0.5, 0.5] }, 'mean', '[0.5, 0.5]', '[3 of them]'],
    [{ mean: NaN }, 'mean', 'NaN', 'finite'],
    [{ std: 0 }, 'std', '0', 'positive'],
    [{ std: [1, 1, Infinity] }, 'std', 'Infinity', 'positive'],
    [{ std: [1, -1, 1] }, 'std', '-1', 'positive'],
    [{ range: 'half' }, 'range', "'half'", "'unit' or 'byte'"],
    [{ indices: [2] }, 'indices[0]', '2', '0 to 1'],
    [{ shape: [1, 2, 3] }, 'shape', '[1, 2, 3]', '[2, 2, 3]'],
  ])('%j', async (options, ...words: unknown[]) => {
    const before = memory().numTensors;
    await expectArgumentError(() => imagesToTensor(set, options as never), ...words.map(String));
    expect(memory().numTensors).toBe(before);
  });

  it('a batch as one picture, an index outside the labels', async () => {
    await expectArgumentError(() => imageToTensor(set), 'the number of images', '2', '1');
    await expectArgumentError(() => labelsToTensor(Uint8Array.of(1), [0, 1]), 'indices[1]', '0 to 0');
    await expectArgumentError(() => labelsToTensor(Uint8Array.of(1), [0.5]), '0.5');
  });
});
