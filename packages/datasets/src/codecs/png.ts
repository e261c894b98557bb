/**
 * PNG to 8-bit RGB, on the platform's inflater: every colour type, depth and interlacing of the standard. (The pngjs library needs
 * Node's zlib, streams and Buffer and is our test's reference.) Gamma and colour profiles are not applied.
 */
import { decompress } from '../bytes/decompress.ts';
import { DataFileError } from '../errors.ts';
import { type PngChunks, type PngHeader, readPngChunks } from './png-chunks.ts';
import { inflatedBytes, passesOf, samplesOf, unfilter } from './png-rows.ts';
import { checkPixels, type Codec } from './codec.ts';

/** Deflate cannot pack tighter than this: a header that claims more is a lie, and no memory is given to it. */
const MAX_DEFLATE_RATIO = 1032;

export const decodePng: Codec = async (file, bytes, options) => {
  const chunks = readPngChunks(file, bytes);
  const { header } = chunks;
  checkPixels(file, header.width, header.height, options);
  const passes = passesOf(header);
  const rows = await inflate(file, chunks.data, inflatedBytes(passes));
  const pixels = new Uint8Array(header.height * header.width * 3);
  const samples = samplesOf(header);
  const color = colorReader(file, chunks, options.background);
  let offset = 0;
  for (const pass of passes) {
    unfilter(file, header, pass, rows, offset);
    for (let j = 0; j < pass.height; j++) {
      offset++; // the byte that named the filter
      let to = ((pass.y + j * pass.dy) * header.width + pass.x) * 3;
      for (let i = 0; i < pass.width; i++, to += 3 * pass.dx) color(rows, offset, i * samples, pixels, to);
      offset += pass.rowBytes;
    }
  }
  return { height: header.height, width: header.width, pixels };
};

/** Inflates into memory of exactly the right size, and stops at the first byte too many. */
async function inflate(file: string, data: readonly Uint8Array[], size: number): Promise<Uint8Array> {
  const packed = data.reduce((bytes, part) => bytes + part.length, 0);
  const accepted = `${size} bytes of pixels, as the header says`;
  if (packed * MAX_DEFLATE_RATIO < size) {
    throw new DataFileError('corrupt-file', { file, found: `a PNG with ${packed} compressed bytes`, accepted });
  }
  const inflated = new Uint8Array(size);
  let length = 0;
  const failure = (cause: unknown): Error => {
    const fault = { file, found: 'compressed PNG pixels that do not unpack', accepted };
    return new DataFileError('corrupt-file', fault, { cause });
  };
  for await (const part of decompress(parts(data), 'deflate', failure)) {
    if (length + part.length > size)
      throw new DataFileError('corrupt-file', { file, found: 'more pixels in a PNG', accepted });
    inflated.set(part, length);
    length += part.length;
  }
  if (length < size) throw new DataFileError('corrupt-file', { file, found: `${length} bytes of pixels`, accepted });
  return inflated;
}

async function* parts(data: readonly Uint8Array[]): AsyncGenerator<Uint8Array, void, undefined> {
  yield* data;
}

/** Reads the pixel whose first sample is number `sample` of the row at `row`, and writes its RGB at `to`. */
type ColorReader = (rows: Uint8Array, row: number, sample: number, pixels: Uint8Array, to: number) => void;

/** Alpha is composed over `background`: what lies under transparent pixels is often junk. */
function colorReader(file: string, chunks: PngChunks, background: readonly number[]): ColorReader {
  const { header, palette, transparency } = chunks;
  const read = sampleReader(header);
  const { colorType } = header;
  const top = 2 ** header.depth - 1;
  const to8 = (value: number): number => Math.round((value * 255) / top);
  const put = (pixels: Uint8Array, to: number, r: number, g: number, b: number, alpha: number): void => {
    pixels[to] = alpha === 255 ? r : Math.round((r * alpha + background[0] * (255 - alpha)) / 255);
    pixels[to + 1] = alpha === 255 ? g : Math.round((g * alpha + background[1] * (255 - alpha)) / 255);
    pixels[to + 2] = alpha === 255 ? b : Math.round((b * alpha + background[2] * (255 - alpha)) / 255);
  };
  if (colorType === 3) {
    const colors = (palette?.length ?? 0) / 3;
    if (palette === undefined || !Number.isInteger(colors) || colors < 1 || colors > 256) {
      const found = `a palette of ${palette?.length ?? 0} bytes`;
      throw new DataFileError('corrupt-file', { file, found, accepted: 'one of 1 to 256 colours' });
    }
    return (rows, row, sample, pixels, to) => {
      const index = read(rows, row, sample);
      if (index >= colors) {
        throw new DataFileError('corrupt-file', {
          file,
          found: `colour ${index} in a PNG`,
          accepted: `0 to ${colors - 1}`,
        });
      }
      const [r, g, b] = [palette[3 * index], palette[3 * index + 1], palette[3 * index + 2]];
      put(pixels, to, r, g, b, transparency?.[index] ?? 255);
    };
  }
  const grey = colorType === 0 || colorType === 4;
  const alphaAt = colorType === 4 ? 1 : colorType === 6 ? 3 : undefined;
  const [clearRed, clearGreen, clearBlue] = transparentColor(chunks);
  return (rows, row, sample, pixels, to) => {
    const r = read(rows, row, sample);
    const g = grey ? r : read(rows, row, sample + 1);
    const b = grey ? r : read(rows, row, sample + 2);
    let alpha = 255;
    if (alphaAt !== undefined) alpha = to8(read(rows, row, sample + alphaAt));
    else if (r === clearRed && g === clearGreen && b === clearBlue) alpha = 0;
    put(pixels, to, to8(r), to8(g), to8(b), alpha);
  };
}

/** The colour that tRNS declares transparent, in samples as stored; of NaNs, equal to nothing, where there is none. */
function transparentColor({ header, transparency }: PngChunks): readonly number[] {
  const entries = header.colorType === 0 ? 1 : 3;
  if (transparency === undefined || header.colorType > 2 || transparency.length < 2 * entries) return [NaN, NaN, NaN];
  const values = Array.from({ length: entries }, (_, i) => (transparency[2 * i] << 8) | transparency[2 * i + 1]);
  return entries === 1 ? [values[0], values[0], values[0]] : values;
}

function sampleReader({ depth }: PngHeader): (rows: Uint8Array, row: number, sample: number) => number {
  if (depth === 8) return (rows, row, sample) => rows[row + sample];
  if (depth === 16) return (rows, row, sample) => (rows[row + 2 * sample] << 8) | rows[row + 2 * sample + 1];
  const mask = 2 ** depth - 1;
  return (rows, row, sample) => {
    const bit = sample * depth;
    return (rows[row + (bit >> 3)] >> (8 - depth - (bit & 7))) & mask;
  };
}
