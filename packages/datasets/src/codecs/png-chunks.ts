/**
 * A PNG file taken apart: header, palette, transparency and compressed pixels, each chunk's CRC checked. Decodes no pixel.
 * Chunk layout: PNG specification (W3C, third edition), sections 5 and 11.
 */
import { DataFileError, type DataFileErrorCode } from '../errors.ts';

export const PNG_SIGNATURE: readonly number[] = [0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a];

export interface PngHeader {
  readonly width: number;
  readonly height: number;
  /** Bits per sample: 1, 2, 4, 8 or 16. */
  readonly depth: number;
  /** 0 grey, 2 RGB, 3 palette, 4 grey and alpha, 6 RGB and alpha. */
  readonly colorType: number;
  readonly interlaced: boolean;
}

export interface PngChunks {
  readonly header: PngHeader;
  /** r, g, b, r, g, b, ... */
  readonly palette: Uint8Array | undefined;
  /** The tRNS chunk: alpha of the palette's entries, or the one transparent grey or colour. */
  readonly transparency: Uint8Array | undefined;
  /** The zlib stream, in pieces. */
  readonly data: readonly Uint8Array[];
}

/** Bit depths that the specification allows for each colour type. */
const DEPTHS: Readonly<Record<number, readonly number[]>> = {
  0: [1, 2, 4, 8, 16],
  2: [8, 16],
  3: [1, 2, 4, 8],
  4: [8, 16],
  6: [8, 16],
};

/** @throws DataFileError for a file that is cut off, damaged or of an unknown kind; nothing in it is guessed */
export function readPngChunks(file: string, bytes: Uint8Array): PngChunks {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  let header: PngHeader | undefined;
  let palette: Uint8Array | undefined;
  let transparency: Uint8Array | undefined;
  const data: Uint8Array[] = [];
  for (let at = PNG_SIGNATURE.length; ;) {
    if (at + 12 > bytes.length) throw cutOff(file);
    const length = view.getUint32(at);
    const type = String.fromCharCode(...bytes.subarray(at + 4, at + 8));
    if (at + 12 + length > bytes.length) throw cutOff(file);
    const body = bytes.subarray(at + 8, at + 8 + length);
    if (crc32(bytes.subarray(at + 4, at + 8 + length)) !== view.getUint32(at + 8 + length)) {
      throw fault(
        'corrupt-file',
        file,
        `a damaged PNG (wrong checksum of chunk ${printable(type)})`,
        'an undamaged one',
      );
    }
    if (header === undefined && type !== 'IHDR') {
      throw fault('corrupt-file', file, `a PNG that begins with chunk ${printable(type)}`, 'one that begins with IHDR');
    }
    if (type === 'IHDR') header ??= readHeader(file, body);
    else if (type === 'PLTE') palette = body;
    else if (type === 'tRNS') transparency = body;
    else if (type === 'IDAT') data.push(body);
    else if (type === 'IEND' && header !== undefined) return { header, palette, transparency, data };
    else if ((bytes[at + 4] & 0x20) === 0) {
      // an upper-case first letter: the image cannot be shown without understanding this chunk
      throw fault(
        'unsupported-image',
        file,
        `a PNG with the chunk ${printable(type)}`,
        'the critical chunks of the standard',
      );
    }
    at += 12 + length;
  }
}

function readHeader(file: string, body: Uint8Array): PngHeader {
  if (body.length !== 13) throw fault('invalid-header', file, `an IHDR of ${body.length} bytes`, '13 bytes');
  const view = new DataView(body.buffer, body.byteOffset, body.byteLength);
  const [width, height] = [view.getUint32(0), view.getUint32(4)];
  const [depth, colorType, compression, filter, interlace] = body.subarray(8);
  if (width < 1 || height < 1)
    throw fault('invalid-header', file, `a PNG of ${width} x ${height} pixels`, '1 x 1 or more');
  if (!(DEPTHS[colorType] ?? []).includes(depth) || compression !== 0 || filter !== 0 || interlace > 1) {
    const found = `a PNG of colour type ${colorType}, depth ${depth}, methods ${compression}, ${filter}, ${interlace}`;
    throw fault('invalid-header', file, found, 'the combinations of the PNG specification');
  }
  return { width, height, depth, colorType, interlaced: interlace === 1 };
}

function cutOff(file: string): DataFileError {
  return fault('truncated-file', file, 'a PNG that is cut off', 'a file up to its IEND chunk');
}

function fault(code: DataFileErrorCode, file: string, found: string, accepted: string): DataFileError {
  return new DataFileError(code, { file, found, accepted });
}

function printable(type: string): string {
  return /^[A-Za-z]{4}$/.test(type) ? type : 'of an impossible name';
}

/** Of the 256 bytes; polynomial 0xedb88320 (PNG specification, annex D). */
const CRC_TABLE = Uint32Array.from({ length: 256 }, (_, byte) => {
  let remainder = byte;
  for (let bit = 0; bit < 8; bit++) remainder = (remainder >>> 1) ^ (remainder & 1 ? 0xedb88320 : 0);
  return remainder;
});

function crc32(bytes: Uint8Array): number {
  let crc = 0xffffffff;
  for (let i = 0; i < bytes.length; i++) crc = CRC_TABLE[(crc ^ bytes[i]) & 0xff] ^ (crc >>> 8);
  return ~crc >>> 0;
}
