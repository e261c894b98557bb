import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { openBytes } from '../src/bytes/reader.ts';
import type { ByteFile, ByteSource } from '../src/index.ts';
import { chunked, chunkSizes, gzip, join, randomBytes } from './support/bytes.ts';
import { expectArgumentError, expectFileError, failureOf } from './support/failure.ts';

async function readAll(source: ByteSource, size = 1000): Promise<Uint8Array> {
  const reader = await openBytes('test', source);
  const pieces: number[] = [];
  while (!(await reader.atEnd())) pieces.push(...(await reader.take(size)));
  expect(reader.position).toBe(pieces.length);
  await reader.close();
  return Uint8Array.from(pieces);
}

/** A source that knows whether it was let go of. */
function watched(bytes: Uint8Array, sizes: readonly number[] = [16]): { source: ByteFile; closed: () => boolean } {
  let closed = false;
  const source = {
    name: 'watched.bin',
    async *stream() {
      try {
        yield* chunked(bytes, sizes);
      } finally {
        closed = true;
      }
    },
  };
  return { source, closed: () => closed };
}

describe('byte sources', () => {
  const bytes = randomBytes(5000, 1);

  it('reads the same bytes from every kind of source, plain and gzip', async () => {
    for (const content of [bytes, gzip(bytes)]) {
      const stream = new Blob([content.slice()]).stream();
      const file = new File([content.slice()], 'photo.bin');
      for (const source of [content, Buffer.from(content), chunked(content, [7]), stream, file]) {
        expect(await readAll(source)).toEqual(bytes);
      }
    }
  });

  it('does not depend on how the bytes are chunked, nor on the sizes taken', async () => {
    await fc.assert(
      fc.asyncProperty(chunkSizes, fc.integer({ min: 1, max: 6000 }), fc.boolean(), async (sizes, size, packed) => {
        expect(await readAll(chunked(packed ? gzip(bytes) : bytes, sizes), size)).toEqual(bytes);
      }),
    );
  });

  it('peeks without taking', async () => {
    const reader = await openBytes('test', chunked(bytes, [3]));
    expect(await reader.peek(10)).toEqual(bytes.subarray(0, 10));
    expect(reader.position).toBe(0);
    expect(await reader.take(4)).toEqual(bytes.subarray(0, 4));
    expect(await reader.peek(9999)).toEqual(bytes.subarray(4));
  });

  it('knows the size of arrays and files, but not what gzip unpacks to', async () => {
    expect((await openBytes('test', bytes)).size).toBe(5000);
    expect((await openBytes('test', new File([bytes.slice()], 'x'))).size).toBe(5000);
    expect((await openBytes('test', chunked(bytes, [9]))).size).toBeUndefined();
    expect((await openBytes('test', gzip(bytes))).size).toBeUndefined();
  });

  it('takes bytes over shared memory through gzip', async () => {
    const packed = gzip(bytes);
    const shared = new Uint8Array(new SharedArrayBuffer(packed.length));
    shared.set(packed);
    expect(await readAll(shared)).toEqual(bytes);
  });
});

describe('letting go of a source', () => {
  it.each([
    ['plain', (bytes: Uint8Array) => bytes],
    ['gzip', gzip],
  ])('closes it on leaving early: %s', async (_, pack) => {
    const { source, closed } = watched(pack(randomBytes(200_000, 2)));
    const reader = await openBytes('test', source);
    await reader.take(10);
    expect(closed()).toBe(false);
    await reader.close();
    await reader.close();
    expect(closed()).toBe(true);
  });

  it('closes gzip from which nothing was read', async () => {
    const { source, closed } = watched(gzip(randomBytes(200_000, 2)));
    await (await openBytes('test', source)).close();
    expect(closed()).toBe(true);
  });

  it('cancels a web stream on leaving early, and not at its end', async () => {
    for (const [take, cancels] of [
      [10, true],
      [9999, false],
    ] as const) {
      let cancelled = false;
      const stream = new ReadableStream<Uint8Array>({
        pull(controller) {
          controller.enqueue(randomBytes(100, 3));
          if (take === 9999) controller.close();
        },
        cancel() {
          cancelled = true;
        },
      });
      const reader = await openBytes('test', stream);
      await reader.take(take);
      await reader.close();
      expect(cancelled).toBe(cancels);
    }
  });
});

describe('sources that fail', () => {
  it('refuses what is no source', async () => {
    for (const source of [null, 'a.bin', 7, new ArrayBuffer(8), new Uint16Array(4), [1, 2], {}]) {
      await expectArgumentError(openBytes('readIdx', source as ByteSource), 'readIdx', 'source', 'Uint8Array');
    }
    await expectArgumentError(openBytes('readIdx', new ArrayBuffer(8) as never), 'ArrayBuffer of 8 bytes');
  });

  it('refuses chunks that are not bytes', async () => {
    const strings = (async function* () {
      yield 'text';
    })();
    await expectArgumentError(openBytes('readIdx', strings as never), 'a chunk of source', "'text'");
  });

  it("refuses gzip that is cut off or damaged, at any place, with the platform's reason", async () => {
    const bytes = randomBytes(3000, 4);
    const packed = gzip(bytes);
    await fc.assert(
      fc.asyncProperty(fc.integer({ min: 2, max: packed.length - 1 }), async (length) => {
        await expectFileError(readAll(packed.subarray(0, length)), 'corrupt-file', 'gzip', 'cut off');
      }),
    );
    await fc.assert(
      fc.asyncProperty(
        fc.integer({ min: 10, max: packed.length - 1 }),
        fc.integer({ min: 1, max: 255 }),
        async (at, flip) => {
          const damaged = packed.slice();
          damaged[at] ^= flip;
          const error = await failureOf(readAll(damaged));
          expect(error).toMatchObject({ code: 'corrupt-file', cause: expect.anything() });
        },
      ),
    );
  });

  it('refuses what stands behind gzip', async () => {
    const bytes = randomBytes(300, 6);
    for (const sizes of [[9999], [7]]) {
      await expectFileError(readAll(chunked(join(gzip(bytes), [1, 2, 3]), sizes)), 'corrupt-file', 'gzip');
    }
  });

  it('passes on an error of the source itself, also through gzip', async () => {
    const packed = gzip(randomBytes(100_000, 5));
    for (const content of [packed, packed.subarray(10)]) {
      const broken = (async function* () {
        yield content.subarray(0, 50_000);
        throw new Error('network is gone');
      })();
      expect(await failureOf(readAll(broken))).toMatchObject({ message: 'network is gone' });
    }
  });
});
