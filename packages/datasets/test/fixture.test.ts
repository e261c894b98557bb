import { createHash } from 'node:crypto';
import { readdir, readFile, stat } from 'node:fs/promises';
import { gunzipSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import { fitShape } from '../src/index.ts';
import { FASHION_MNIST_SAMPLE_COUNT, fashionMnistSample } from '../src/node.ts';
import { expectArgumentError } from './support/failure.ts';

const FOLDER = new URL('../fixtures/fashion-mnist-sample/', import.meta.url);

async function unpackedSha256(name: string): Promise<string> {
  const packed = await readFile(new URL(name, FOLDER));
  return createHash('sha256').update(gunzipSync(packed)).digest('hex');
}

describe('the Fashion-MNIST sample', () => {
  it('is 512 real images of all classes', async () => {
    const sample = await fashionMnistSample();
    expect(sample).toMatchObject({ count: FASHION_MNIST_SAMPLE_COUNT, height: 28, width: 28, channels: 1 });
    const counts = Array.from({ length: 10 }, (_, label) => sample.labels.filter((value) => value === label).length);
    expect(counts).toEqual([56, 53, 71, 46, 58, 40, 47, 48, 45, 48]);
    expect([...sample.labels.subarray(0, 10)]).toEqual([9, 2, 1, 1, 6, 1, 4, 6, 5, 7]);
  });

  it('is, unpacked, what the tool makes from the full set', async () => {
    expect(await unpackedSha256('images-idx3-ubyte.gz')).toBe(
      'd2223cd325784a5e01e09112cd7f626cfc3c78e2f26b81e1c3ac5152ced7be9f',
    );
    expect(await unpackedSha256('labels-idx1-ubyte.gz')).toBe(
      '673e491a4e3bc9ee3e19141f2f57173a1a1707a7d15ffac6adbbe7f985e2264e',
    );
  });

  it('comes in the shape of CIFAR too', async () => {
    const sample = await fashionMnistSample({ shape: [32, 32, 3] });
    expect(sample).toEqual(fitShape(await fashionMnistSample(), [32, 32, 3]));
    await expectArgumentError(fashionMnistSample({ shape: [16, 16, 1] }), 'shape', '[28, 28, 1]');
  });

  it('stays small, with its licence beside it', async () => {
    const sizes = await Promise.all(
      (await readdir(FOLDER)).map(async (name) => (await stat(new URL(name, FOLDER))).size),
    );
    expect(sizes.reduce((sum, size) => sum + size, 0)).toBeLessThan(400_000);
    const readme = await readFile(new URL('README.md', FOLDER), 'utf8');
    for (const word of ['Zalando SE', 'Permission is hereby granted', 'github.com/zalandoresearch/fashion-mnist']) {
      expect(readme).toContain(word);
    }
  });
});
