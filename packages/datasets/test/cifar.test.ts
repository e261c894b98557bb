import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type LabelledImages, loadCifar10, loadCifar100, readCifar10, readCifar100 } from '../src/index.ts';
import { chunked, chunkSizes, cifarFile, gzip, idxFile, join, randomBytes, tarHead, text } from './support/bytes.ts';
import { expectArgumentError, expectFileError, failureOf } from './support/failure.ts';

const labels10 = fc.array(fc.integer({ min: 0, max: 9 }), { minLength: 1, maxLength: 9 });
const labels100 = fc.array(fc.tuple(fc.integer({ min: 0, max: 19 }), fc.integer({ min: 0, max: 99 })), {
  minLength: 1,
  maxLength: 9,
});
const batchSizes = fc.integer({ min: 1, max: 12 });

async function batches(stream: AsyncIterable<LabelledImages>): Promise<LabelledImages[]> {
  const all: LabelledImages[] = [];
  for await (const batch of stream) all.push(batch);
  return all;
}

describe('CIFAR-10', () => {
  it('turns planes into NHWC pixels', async () => {
    const record = new Uint8Array(3073);
    record[0] = 7;
    record[1 + 5 * 32 + 3] = 11; // red of row 5, column 3
    record[1 + 1024 + 5 * 32 + 3] = 22;
    record[1 + 2048 + 5 * 32 + 3] = 33;
    const { pixels, ...rest } = await loadCifar10(record);
    expect(rest).toEqual({ count: 1, height: 32, width: 32, channels: 3, labels: Uint8Array.of(7) });
    expect([...pixels.subarray((5 * 32 + 3) * 3, (5 * 32 + 4) * 3)]).toEqual([11, 22, 33]);
    expect(pixels.reduce((sum, value) => sum + value, 0)).toBe(66);
  });

  it('reads back any file, in any chunks, batches and packing', async () => {
    await fc.assert(
      fc.asyncProperty(
        labels10,
        chunkSizes,
        batchSizes,
        fc.boolean(),
        fc.nat(),
        async (labels, sizes, batchSize, packed, seed) => {
          const { file, pixels } = cifarFile(
            labels.map((label) => [label]),
            seed,
          );
          const all = await batches(readCifar10(chunked(packed ? gzip(file) : file, sizes), { batchSize }));
          expect(all.map(({ count }) => count)).toEqual(
            Array.from({ length: Math.ceil(labels.length / batchSize) }, (_, i) =>
              Math.min(batchSize, labels.length - i * batchSize),
            ),
          );
          expect(join(...all.map((batch) => batch.pixels))).toEqual(pixels);
          expect(all.flatMap((batch) => [...batch.labels])).toEqual(labels);
        },
      ),
      { numRuns: 40 },
    );
  });

  it('hands out batches that stay as they are', async () => {
    const { file, pixels } = cifarFile([[1], [2], [3]], 5);
    const all = await batches(readCifar10(chunked(file, [100]), { batchSize: 1 }));
    expect(join(...all.map((batch) => batch.pixels))).toEqual(pixels);
  });

  it('closes the source when the caller stops early', async () => {
    const { file } = cifarFile([[1], [2], [3], [4]], 5);
    let closed = false;
    const source = (async function* () {
      try {
        yield* chunked(file, [500]);
      } finally {
        closed = true;
      }
    })();
    for await (const batch of readCifar10(source, { batchSize: 1 })) if (batch.labels[0] === 2) break;
    expect(closed).toBe(true);
  });
});

describe('CIFAR-100', () => {
  it('reads fine and coarse labels back from any file', async () => {
    await fc.assert(
      fc.asyncProperty(labels100, chunkSizes, batchSizes, fc.nat(), async (labels, sizes, batchSize, seed) => {
        const { file, pixels } = cifarFile(labels, seed);
        const whole = await loadCifar100(chunked(file, sizes), { batchSize });
        expect(whole.count).toBe(labels.length);
        expect(whole.pixels).toEqual(pixels);
        expect([...(whole.coarseLabels ?? [])]).toEqual(labels.map(([coarse]) => coarse));
        expect([...whole.labels]).toEqual(labels.map(([, fine]) => fine));
      }),
      { numRuns: 30 },
    );
  });
});

describe('files that are no CIFAR', () => {
  const { file } = cifarFile([[1], [2], [3]], 8);
  const { file: file100 } = cifarFile(
    [
      [1, 50],
      [2, 60],
    ],
    9,
  );

  it.each([
    ['empty', new Uint8Array(0), 'truncated-file', ['an empty file']],
    ['empty gzip', gzip(new Uint8Array(0)), 'truncated-file', ['an empty file']],
    ['web page', text('<!doctype html><h1>404</h1>'), 'foreign-file', ['an HTML page', 'cifar-10-binary.tar.gz']],
    ['pickle', join([0x80, 2, 0x7d, 0x71], new Uint8Array(9000)), 'foreign-file', ['Python pickle', 'binary version']],
    ['tar', tarHead('cifar-10-batches-bin/'), 'foreign-file', ['a tar archive', 'tar -xf']],
    ['tar.gz', gzip(tarHead('cifar-10-batches-bin/')), 'foreign-file', ['a tar archive inside gzip', 'tar -xf']],
    ['zip', text('PK\x03\x04rest'), 'foreign-file', ['a ZIP archive']],
    ['noise', randomBytes(3073, 1).map((value) => value | 128), 'foreign-file', ['unknown data that begins with']],
    ['cut off by size', file.subarray(0, 2 * 3073 + 5), 'truncated-file', ['2 records and 5 bytes', '3073']],
    ['less than a record', file.subarray(0, 99), 'truncated-file', ['0 records and 99 bytes']],
    ['cut off in gzip', gzip(file.subarray(0, 2 * 3073 + 5)), 'truncated-file', ['2 records and 5 bytes']],
    ['too long', join(file, [0]), 'truncated-file', ['3 records and 1 bytes more']],
    ['CIFAR-100', file100, 'foreign-file', ['CIFAR-100 records', 'readCifar100']],
  ] as const)('%s', async (_, bytes, code, words) => {
    await expectFileError(readCifar10(bytes), code, ...words);
  });

  it('hands out nothing when the size is wrong', async () => {
    const result = await readCifar10(file.subarray(0, 2 * 3073 + 5))
      .next()
      .catch(() => 'refused');
    expect(result).toBe('refused');
  });

  it('finds a cut in a stream of unknown length', async () => {
    await expectFileError(
      readCifar10(chunked(file.subarray(0, 3073 + 7), [1000])),
      'truncated-file',
      '1 records and 7 bytes',
    );
  });

  it('names the record of an impossible label', async () => {
    const wrong = file.slice();
    wrong[2 * 3073] = 10;
    await expectFileError(readCifar10(wrong, { batchSize: 1 }), 'label-out-of-range', 'label 10 in record 2', '0 to 9');
    const fine = file100.slice();
    fine[3074 + 1] = 100;
    await expectFileError(readCifar100(fine), 'label-out-of-range', 'fine label 100 in record 1', '0 to 99');
    const coarse = file100.slice();
    coarse[3074] = 20;
    await expectFileError(readCifar100(coarse), 'label-out-of-range', 'coarse label 20 in record 1', '0 to 19');
  });

  it('tells CIFAR-10 given as CIFAR-100, and names the file', async () => {
    const small = file.slice();
    small[0] = 1;
    small[1] = 2; // a fine label that could be
    const error = await failureOf(
      readCifar100({ name: 'data_batch_1.bin', size: small.length, stream: () => chunked(small, [99]) }),
    );
    expect(error).toMatchObject({ code: 'foreign-file', file: 'data_batch_1.bin' });
    expect(String(error)).toContain('Read it with readCifar10.');
    await expectFileError(readCifar100(idxFile([2], [3, 250])), 'truncated-file', '0 records');
  });

  it('refuses wrong options before it reads', async () => {
    for (const batchSize of [0, -1, 1.5, NaN, 1e6]) {
      await expectArgumentError(readCifar10(file, { batchSize }), 'batchSize', String(batchSize));
    }
    await expectArgumentError(readCifar10(file, { shape: [32, 32, 1] }), 'shape', '[32, 32, 1]', '3 channels');
    await expectArgumentError(readCifar10(file, { shape: [28, 32, 3] }), 'shape');
  });
});
