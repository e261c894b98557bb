import fc from 'fast-check';
import { decode, encode } from 'jpeg-js';
import { describe, expect, it } from 'vitest';
import { DataFileError, decodeImage } from '../src/index.ts';
import { gzip, join, text } from './support/bytes.ts';
import { expectFileError, failureOf } from './support/failure.ts';

/** A soft gradient: what JPEG stores almost without loss. */
function gradient(width: number, height: number): Uint8Array {
  return Uint8Array.from({ length: width * height * 4 }, (_, i) => {
    const [x, y, c] = [(i >> 2) % width, Math.floor((i >> 2) / width), i & 3];
    return c === 3 ? 255 : Math.round([(200 * x) / width, (200 * y) / height, 100][c]);
  });
}

function jpeg(width: number, height: number, quality = 95): Uint8Array {
  return new Uint8Array(encode({ width, height, data: gradient(width, height) }, quality).data);
}

/** Where the frame header (SOF0) of a file begins: its marker's second byte. */
function frameHeader(file: Uint8Array): number {
  return file.findIndex((byte, i) => byte === 0xc0 && file[i - 1] === 0xff);
}

describe('JPEG', () => {
  it('is what jpeg-js decodes, without alpha', async () => {
    for (const [width, height] of [
      [1, 1],
      [8, 8],
      [17, 33],
      [40, 24],
    ]) {
      const file = jpeg(width, height);
      const { data } = decode(file, { useTArray: true });
      expect(await decodeImage(file)).toEqual({
        count: 1,
        height,
        width,
        channels: 3,
        pixels: data.filter((_, i) => i % 4 < 3),
      });
    }
  });

  it('keeps the colours of a plain surface', async () => {
    const channel = fc.integer({ min: 0, max: 255 });
    await fc.assert(
      fc.asyncProperty(channel, channel, channel, async (red, green, blue) => {
        const data = Uint8Array.from({ length: 16 * 16 * 4 }, (_, i) => [red, green, blue, 255][i & 3]);
        const file = new Uint8Array(encode({ width: 16, height: 16, data }, 100).data);
        const { pixels } = await decodeImage(file);
        // Y, Cb and Cr each miss by 0.5 (the encoder's rounding to integers) + 1/16 (the DC step of 1, over 8) + 0.5 (the
        // decoder's rounding); the largest row of the colour matrix sums to 1 + 1.772; half a level more for the last rounding
        const bound = (0.5 + 1 / 16 + 0.5) * (1 + 1.772) + 0.5;
        pixels.forEach((value, i) => expect(Math.abs(value - [red, green, blue][i % 3])).toBeLessThanOrEqual(bound));
      }),
    );
  });

  it('does not look at the name', async () => {
    expect((await decodeImage(jpeg(8, 8), { name: 'wrong.png' })).width).toBe(8);
  });
});

describe('JPEG files that are refused', () => {
  const file = jpeg(40, 24);
  const frame = frameHeader(file);
  const changed = (...pairs: readonly (readonly [at: number, value: number])[]): Uint8Array => {
    const copy = file.slice();
    for (const [at, value] of pairs) copy[at] = value;
    return copy;
  };

  it('at any cut', async () => {
    for (let length = 3; length < file.length - 1; length += 7) {
      const error = await failureOf(decodeImage(file.subarray(0, length)));
      expect(error).toBeInstanceOf(DataFileError);
      expect(['corrupt-file', 'truncated-file']).toContain((error as DataFileError).code);
    }
  });

  it('or decoded, at any flipped byte: nothing else is thrown', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.integer({ min: 3, max: file.length - 1 }),
        fc.integer({ min: 1, max: 255 }),
        async (at, flip) => {
          const error = await failureOf(
            decodeImage(changed([at, file[at] ^ flip]), { maxPixels: 1e5, maxMemoryMB: 64 }),
          );
          expect(error === undefined || error instanceof DataFileError).toBe(true);
        },
      ),
      { numRuns: 300 },
    );
  });

  it.each([
    ['arithmetic coding', changed([frame, 0xc9]), 'unsupported-image', 'arithmetic-coded'],
    ['lossless', changed([frame, 0xc3]), 'unsupported-image', 'lossless'],
    ['hierarchical', changed([frame, 0xc5]), 'unsupported-image', 'hierarchical'],
    ['12 bits', changed([frame + 3, 12]), 'unsupported-image', '12 bits'],
    ['no height', changed([frame + 4, 0], [frame + 5, 0]), 'unsupported-image', '40 x 0'],
    ['two components', changed([frame + 8, 2]), 'unsupported-image', '2 components'],
    ['no frame', join(file.subarray(0, frame - 1), [0xff, 0xd9]), 'truncated-file', 'without a frame header'],
    ['only the start', file.subarray(0, 4), 'truncated-file', 'without a frame header'],
    ['no quantisation', join([0xff, 0xd8], file.subarray(frame - 1)), 'corrupt-file', 'damaged or cut off'],
  ] as const)('%s', async (_, bytes, code, word) => {
    await expectFileError(decodeImage(bytes), code, word);
  });

  it('above the limits of pixels and memory, with the way to raise them', async () => {
    const huge = changed([frame + 4, 0xff], [frame + 5, 0xff], [frame + 6, 0xff], [frame + 7, 0xff]);
    await expectFileError(decodeImage(huge), 'image-too-large', '65535 x 65535', 'maxPixels');
    await expectFileError(
      decodeImage(jpeg(400, 400), { maxMemoryMB: 1 }),
      'image-too-large',
      '400 x 400',
      '1 MiB',
      'maxMemoryMB',
    );
    expect((await decodeImage(jpeg(400, 400))).width).toBe(400);
  });
});

describe('files that are no image', () => {
  it.each([
    [new Uint8Array(0), 'truncated-file', 'an empty file'],
    [text('<!doctype html>'), 'foreign-file', 'an HTML page'],
    [text('GIF89a...'), 'foreign-file', 'a GIF image'],
    [text('RIFF\x10\x00\x00\x00WEBPVP8 '), 'foreign-file', 'a WebP image'],
    [gzip(jpeg(8, 8)), 'foreign-file', 'a gzip file'],
    [Uint8Array.of(1, 2, 3, 255), 'foreign-file', 'begins with 01 02 03 ff'],
  ] as const)('%#', async (bytes, code, word) => {
    await expectFileError(decodeImage(bytes, { name: 'x.jpg' }), code, word, 'x.jpg', 'a PNG or JPEG image');
  });
});
