import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { loadIdx, readIdx, readIdxLabels } from '../src/index.ts';
import { chunked, chunkSizes, gzip, idxFile, join, randomBytes, tarHead, text } from './support/bytes.ts';
import { expectArgumentError, expectFileError } from './support/failure.ts';

const SHAPE = [5, 3, 4] as const;
const VALUES = randomBytes(60, 1);
const IMAGES = idxFile(SHAPE, VALUES);
const LABELS = idxFile([5], [0, 9, 3, 3, 1]);

function header(...shape: readonly number[]): Uint8Array {
  return idxFile(shape, []);
}

describe('IDX', () => {
  it('reads back any set, in any chunks, batches and packing', async () => {
    const set = fc.record({
      count: fc.integer({ min: 0, max: 20 }),
      height: fc.integer({ min: 1, max: 30 }),
      width: fc.integer({ min: 1, max: 30 }),
      sizes: chunkSizes,
      batchSize: fc.integer({ min: 1, max: 25 }),
      packed: fc.boolean(),
      seed: fc.nat(),
    });
    await fc.assert(
      fc.asyncProperty(set, async ({ count, height, width, sizes, batchSize, packed, seed }) => {
        const values = randomBytes(count * height * width, seed);
        const numbers = randomBytes(count, seed + 1).map((value) => value % 10);
        const pack = (bytes: Uint8Array): AsyncIterable<Uint8Array> => chunked(packed ? gzip(bytes) : bytes, sizes);
        const sources = {
          images: pack(idxFile([count, height, width], values)),
          labels: pack(idxFile([count], numbers)),
        };
        expect(await loadIdx(sources, { batchSize })).toEqual({
          count,
          height,
          width,
          channels: 1,
          pixels: values,
          labels: numbers,
        });
      }),
    );
  });

  it('streams batches of the size asked for', async () => {
    const counts: number[] = [];
    for await (const batch of readIdx({ images: IMAGES, labels: LABELS }, { batchSize: 2 })) {
      counts.push(batch.count);
      expect(batch.pixels.length).toBe(batch.count * 12);
      expect(batch.labels.length).toBe(batch.count);
    }
    expect(counts).toEqual([2, 2, 1]);
  });

  it('accepts as many classes as it is told', async () => {
    const labels = idxFile([3], [0, 61, 30]);
    expect([...(await readIdxLabels(labels, 62))]).toEqual([0, 61, 30]);
    await expectFileError(readIdxLabels(labels), 'label-out-of-range', 'label 61 at index 1', '0 to 9');
  });

  it('brings images to another shape while reading', async () => {
    const { height, width, channels, pixels } = await loadIdx({ images: IMAGES, labels: LABELS }, { shape: [5, 6, 3] });
    expect([height, width, channels]).toEqual([5, 6, 3]);
    expect(pixels[(1 * 6 + 1) * 3 + 2]).toBe(VALUES[0]);
  });
});

describe('files that are no IDX', () => {
  it.each([
    ['empty', new Uint8Array(0), 'truncated-file', ['an empty file']],
    ['web page', text('<html>'), 'foreign-file', ['an HTML page', 'magic 00 00 08 03']],
    ['tar.gz', gzip(tarHead('fashion/')), 'foreign-file', ['a tar archive inside gzip']],
    ['labels for images', LABELS, 'foreign-file', ['IDX labels', 'swapped']],
    ['another type', idxFile([5, 3, 4], new Uint8Array(240), 13), 'foreign-file', ['float32, rank 3']],
    ['another rank', idxFile([5, 3, 4, 1], VALUES), 'foreign-file', ['uint8, rank 4']],
    ['a header cut off', IMAGES.subarray(0, 9), 'truncated-file', ['a header of 9 bytes']],
    ['a cut', IMAGES.subarray(0, 16 + 30), 'truncated-file', ['2 whole samples', '5, as the header says']],
    ['a cut in gzip', gzip(IMAGES.subarray(0, 16 + 30)), 'truncated-file', ['2 whole samples']],
    ['bytes behind', join(IMAGES, [1, 2]), 'trailing-bytes', ['2 or more']],
    ['bytes behind in gzip', gzip(join(IMAGES, [1, 2])), 'trailing-bytes', ['after the last sample']],
    ['no rows', header(5, 0, 4), 'invalid-header', ['0 x 4 pixels']],
    ['giant rows', header(5, 70_000, 4), 'invalid-header', ['70000 x 4 pixels']],
    ['another count', idxFile([4, 3, 4], VALUES.subarray(0, 48)), 'count-mismatch', ['4 images', '5, one per label']],
  ] as const)('images: %s', async (_, images, code, words) => {
    await expectFileError(readIdx({ images, labels: LABELS }), code, ...words);
  });

  it.each([
    ['images for labels', IMAGES, 'foreign-file', ['IDX images', 'swapped']],
    ['a cut', LABELS.subarray(0, 10), 'truncated-file', ['2 whole samples']],
    ['a lying count in a stream', gzip(header(0xffffffff)), 'truncated-file', ['0 whole samples', '4294967295']],
    ['bytes behind', join(LABELS, [1]), 'trailing-bytes', []],
    ['a wrong label', idxFile([2], [3, 10]), 'label-out-of-range', ['label 10 at index 1']],
  ] as const)('labels: %s', async (_, labels, code, words) => {
    await expectFileError(readIdx({ images: IMAGES, labels }), code, ...words);
  });

  it('gives no memory to a header that lies', async () => {
    const images = gzip(idxFile([60_000, 4096, 4096], []));
    const labels = gzip(idxFile([60_000], new Uint8Array(60_000)));
    await expectFileError(readIdx({ images, labels }, { batchSize: 65_536 }), 'truncated-file', '0 whole samples');
  });

  it('refuses wrong options before it reads', async () => {
    const sources = { images: IMAGES, labels: LABELS };
    await expectArgumentError(readIdx(sources, { batchSize: 0 }), 'batchSize');
    for (const classes of [0, 257, 2.5])
      await expectArgumentError(readIdx(sources, { classes }), 'classes', String(classes));
    await expectArgumentError(readIdx(sources, { shape: [2, 4, 1] }), 'shape', '[3, 4, 1]');
  });
});
