import fc from 'fast-check';
import { PNG } from 'pngjs';
import { describe, expect, it } from 'vitest';
import { DataFileError, decodeImage } from '../src/index.ts';
import { join, randomBytes, text } from './support/bytes.ts';
import { expectArgumentError, expectFileError, failureOf } from './support/failure.ts';
import { chunk, encodePng, type PngRecipe, uint32 } from './support/png.ts';

/** Every colour type and depth of the standard. */
const KINDS: readonly (readonly [PngRecipe['colorType'], PngRecipe['depth'], samples: number])[] = [
  ...([1, 2, 4, 8, 16] as const).map((depth) => [0, depth, 1] as const),
  ...([8, 16] as const).flatMap(
    (depth) =>
      [
        [2, depth, 3],
        [4, depth, 2],
        [6, depth, 4],
      ] as const,
  ),
  ...([1, 2, 4, 8] as const).map((depth) => [3, depth, 1] as const),
];

const PALETTE = randomBytes(3 * 256, 1);

function recipe(
  [colorType, depth, samples]: (typeof KINDS)[number],
  width: number,
  height: number,
  seed: number,
  more: Partial<PngRecipe> = {},
): PngRecipe {
  const bytes = randomBytes(width * height * samples * 2, seed);
  const value = (i: number): number => ((bytes[2 * i] << 8) | bytes[2 * i + 1]) & (2 ** depth - 1);
  return {
    colorType,
    depth,
    width,
    height,
    samples: (x, y) => Array.from({ length: samples }, (_, s) => value((y * width + x) * samples + s)),
    filter: (y) => y % 5,
    ...(colorType === 3 ? { palette: PALETTE.subarray(0, 3 * 2 ** depth) } : {}),
    ...more,
  };
}

/** What the samples mean, over white: the definition, pixel by pixel. */
function expected({ colorType, depth, width, height, samples, palette = [], transparency }: PngRecipe): Uint8Array {
  const top = 2 ** depth - 1;
  const result: number[] = [];
  for (let y = 0; y < height; y++) {
    for (let x = 0; x < width; x++) {
      const s = samples(x, y);
      const grey = colorType === 0 || colorType === 4;
      const rgb = grey ? [s[0], s[0], s[0]] : s.slice(0, 3);
      let color = rgb.map((value) => Math.round((value * 255) / top));
      let alpha = 255;
      if (colorType === 3) {
        color = [0, 1, 2].map((c) => palette[3 * s[0] + c]);
        alpha = transparency?.[s[0]] ?? 255;
      } else if (colorType >= 4) {
        alpha = Math.round(((s.at(-1) ?? top) * 255) / top);
      } else if (transparency !== undefined) {
        const clear = Array.from({ length: s.length }, (_, i) => transparency[2 * i] * 256 + transparency[2 * i + 1]);
        if (s.every((value, i) => value === clear[i])) alpha = 0;
      }
      result.push(...color.map((value) => Math.round((value * alpha + 255 * (255 - alpha)) / 255)));
    }
  }
  return Uint8Array.from(result);
}

const kinds = fc.constantFrom(...KINDS);
const side = fc.integer({ min: 1, max: 19 });

describe('PNG', () => {
  it('decodes every colour type, depth, filter and interlacing to what its samples say', async () => {
    await fc.assert(
      fc.asyncProperty(kinds, side, side, fc.boolean(), fc.nat(), async (kind, width, height, interlaced, seed) => {
        const made = recipe(kind, width, height, seed, { interlaced, pieces: 1 + (seed % 3) });
        const image = await decodeImage(encodePng(made));
        expect(image).toEqual({ count: 1, height, width, channels: 3, pixels: expected(made) });
      }),
      { numRuns: 300 },
    );
  });

  it('decodes every kind at once, interlaced and not', async () => {
    for (const kind of KINDS) {
      for (const interlaced of [false, true]) {
        const made = recipe(kind, 13, 11, 7, { interlaced });
        expect((await decodeImage(encodePng(made))).pixels).toEqual(expected(made));
      }
    }
  });

  it('agrees with pngjs on what pngjs writes', async () => {
    for (const colorType of [0, 2, 4, 6] as const) {
      for (const bitDepth of [8, 16] as const) {
        const png = new PNG({ width: 17, height: 9, colorType, bitDepth, inputColorType: 6 });
        png.data = Buffer.from(randomBytes(17 * 9 * 4, colorType));
        const file = PNG.sync.write(png, { colorType, bitDepth });
        const theirs = PNG.sync.read(file).data;
        const ours = await decodeImage(file);
        for (let i = 0; i < 17 * 9; i++) {
          for (let c = 0; c < 3; c++) {
            const alpha = theirs[4 * i + 3];
            const over = Math.round((theirs[4 * i + c] * alpha + 255 * (255 - alpha)) / 255);
            expect(ours.pixels[3 * i + c]).toBe(over);
          }
        }
      }
    }
  });

  it('agrees with pngjs on every kind, interlaced and not', async () => {
    for (const kind of KINDS) {
      for (const interlaced of [false, true]) {
        const file = encodePng(recipe(kind, 13, 11, 9, { interlaced }));
        const { data } = PNG.sync.read(Buffer.from(file));
        const { pixels } = await decodeImage(file, { background: [0, 0, 0] });
        const over = Array.from(pixels, (_, i) => {
          const at = 4 * Math.floor(i / 3);
          return Math.round((data[at + (i % 3)] * data[at + 3]) / 255);
        });
        expect([...pixels]).toEqual(over);
      }
    }
  });

  it('shows the background through transparency of every kind', async () => {
    const white = await decodeImage(
      encodePng(recipe([3, 2, 1], 8, 8, 3, { transparency: [0, 128] })), // the last two colours are opaque
    );
    expect(white.pixels).toEqual(expected(recipe([3, 2, 1], 8, 8, 3, { transparency: [0, 128] })));
    for (const [kind, transparency] of [
      [
        [0, 2, 1],
        [0, 2],
      ],
      [
        [0, 16, 1],
        [1, 2],
      ],
      [
        [2, 8, 3],
        [0, 9, 0, 9, 0, 9],
      ],
    ] as const) {
      const clear = Array.from({ length: kind[2] }, (_, i) => transparency[2 * i] * 256 + transparency[2 * i + 1]);
      const made = recipe(kind, 4, 4, 5, {
        transparency,
        samples: (x, y) => (x === y ? clear : clear.map((v) => v + 1)),
      });
      expect((await decodeImage(encodePng(made))).pixels).toEqual(expected(made));
      const { pixels } = await decodeImage(encodePng(made), { background: [1, 2, 3] });
      expect([...pixels.subarray(0, 3)]).toEqual([1, 2, 3]);
    }
  });

  it('takes a view into a larger buffer, and bytes behind the end', async () => {
    const made = recipe([2, 8, 3], 5, 4, 6);
    const file = encodePng(made);
    const shifted = join([1, 2, 3], file, text('trailer'));
    expect((await decodeImage(shifted.subarray(3))).pixels).toEqual(expected(made));
  });
});

describe('PNG files that are unusual', () => {
  it('may have empty chunks of pixels, and chunks that need not be understood', async () => {
    const made = recipe([2, 8, 3], 5, 4, 6);
    const file = encodePng(made);
    const start = 8 + 25; // signature and IHDR
    const odd = join(file.subarray(0, start), chunk('IDAT', []), chunk('prVt', [1, 2]), file.subarray(start));
    expect((await decodeImage(odd)).pixels).toEqual(expected(made));
  });
});

describe('PNG files that are refused', () => {
  const good = recipe([2, 8, 3], 6, 5, 1);
  const file = encodePng(good);
  const header = (body: ArrayLike<number>): Uint8Array =>
    join(file.subarray(0, 8), chunk('IHDR', body), chunk('IEND', []));
  const ihdr = (width: number, height: number, ...rest: readonly number[]): Uint8Array =>
    header(join(uint32(width), uint32(height), rest));

  it('at any cut', async () => {
    for (let length = 8; length < file.length; length++) {
      await expectFileError(decodeImage(file.subarray(0, length)), 'truncated-file', 'cut off');
    }
  });

  it('at any flipped byte', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.integer({ min: 8, max: file.length - 1 }),
        fc.integer({ min: 1, max: 255 }),
        async (at, flip) => {
          const damaged = file.slice();
          damaged[at] ^= flip;
          expect(await failureOf(decodeImage(damaged))).toBeInstanceOf(DataFileError);
        },
      ),
    );
  });

  it.each([
    ['no size', ihdr(0, 5, 8, 2, 0, 0, 0), 'invalid-header', '0 x 5'],
    ['depth', ihdr(6, 5, 4, 2, 0, 0, 0), 'invalid-header', 'depth 4'],
    ['colour type', ihdr(6, 5, 8, 5, 0, 0, 0), 'invalid-header', 'colour type 5'],
    ['interlacing', ihdr(6, 5, 8, 2, 0, 0, 2), 'invalid-header', 'methods 0, 0, 2'],
    ['short header', header([1, 2, 3]), 'invalid-header', 'IHDR of 3 bytes'],
    ['no header', join(file.subarray(0, 8), chunk('IEND', [])), 'corrupt-file', 'begins with chunk IEND'],
    [
      'unknown critical chunk',
      join(file.subarray(0, 33), chunk('CgBI', []), file.subarray(33)),
      'unsupported-image',
      'CgBI',
    ],
    ['no pixels', ihdr(6, 5, 8, 2, 0, 0, 0), 'corrupt-file', '0 compressed bytes'],
    ['no palette', encodePng({ ...recipe([3, 8, 1], 2, 2, 1), palette: [] }), 'corrupt-file', 'palette of 0 bytes'],
    [
      'odd palette',
      encodePng({ ...recipe([3, 8, 1], 2, 2, 1), palette: [1, 2] }),
      'corrupt-file',
      'palette of 2 bytes',
    ],
    [
      'a colour beyond the palette',
      encodePng({ ...recipe([3, 8, 1], 9, 9, 1), palette: [1, 2, 3] }),
      'corrupt-file',
      '0 to 0',
    ],
    ['an impossible filter', encodePng({ ...good, filter: () => 9 }), 'corrupt-file', 'filter 9'],
    [
      'not zlib',
      join(file.subarray(0, 33), chunk('IDAT', [1, 2, 3, 4]), chunk('IEND', [])),
      'corrupt-file',
      'do not unpack',
    ],
  ] as const)('%s', async (_, bytes, code, word) => {
    await expectFileError(decodeImage(bytes), code, word);
  });

  it('for fewer or more pixels than the header says', async () => {
    const inside = file.subarray(8 + 25);
    const claim = (height: number): Uint8Array => {
      const size = join(uint32(6), uint32(height), [8, 2, 0, 0, 0]);
      return join(file.subarray(0, 8), chunk('IHDR', size), inside);
    };
    await expectFileError(decodeImage(claim(6)), 'corrupt-file', '95 bytes of pixels', '114 bytes');
    await expectFileError(decodeImage(claim(4)), 'corrupt-file', 'more pixels', '76 bytes');
  });

  it('without giving memory to a header that lies', async () => {
    const size = join(uint32(7000), uint32(7000), [16, 6, 0, 0, 0]);
    const liar = join(file.subarray(0, 8), chunk('IHDR', size), file.subarray(33));
    await expectFileError(decodeImage(liar), 'corrupt-file', 'compressed bytes');
  });

  it('above the limit of pixels, with the way to raise it', async () => {
    await expectFileError(
      decodeImage(file, { maxPixels: 29, name: 'a.png' }),
      'image-too-large',
      '6 x 5',
      'a.png',
      'maxPixels',
    );
    await expectFileError(decodeImage(ihdr(1e5, 1e5, 8, 2, 0, 0, 0)), 'image-too-large', '100000 x 100000', '50000000');
    expect((await decodeImage(file, { maxPixels: 30 })).width).toBe(6);
  });

  it('for wrong options', async () => {
    await expectArgumentError(decodeImage(file, { maxPixels: 0 }), 'maxPixels', '0');
    await expectArgumentError(decodeImage(file, { maxMemoryMB: NaN }), 'maxMemoryMB', 'NaN');
    await expectArgumentError(decodeImage(file, { background: [0, 0, 300] }), 'background', '0 to 255');
    await expectArgumentError(decodeImage('a.png' as never), 'bytes', "'a.png'");
  });
});
