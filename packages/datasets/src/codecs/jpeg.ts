/**
 * JPEG to RGB, by jpeg-js: baseline and progressive, grey, YCbCr and Adobe CMYK, 8 bits. It repeats chroma samples where libjpeg
 * interpolates them, so pixels differ a little from other decoders. EXIF orientation is not applied.
 */
import { decode } from 'jpeg-js';
import { DataFileError, type DataFileErrorCode } from '../errors.ts';
import { checkPixels, type Codec } from './codec.ts';

export const decodeJpeg: Codec = async (file, bytes, limits) => {
  const { width, height } = readHeader(file, bytes);
  checkPixels(file, width, height, limits);
  try {
    const { data } = decode(bytes, {
      useTArray: true,
      formatAsRGBA: false,
      maxResolutionInMP: Infinity, // checked above, from the header
      maxMemoryUsageInMB: limits.maxMemoryMB,
    });
    return { height, width, pixels: data };
  } catch (cause) {
    if (cause instanceof Error && cause.message.includes('maxMemoryUsageInMB')) {
      const found = `a JPEG of ${width} x ${height} pixels that needs more memory`;
      const accepted = `what decodes in ${limits.maxMemoryMB} MiB`;
      const hint = 'The option maxMemoryMB raises the limit.';
      throw new DataFileError('image-too-large', { file, found, accepted, hint }, { cause });
    }
    const found = 'a damaged or cut off JPEG';
    throw new DataFileError('corrupt-file', { file, found, accepted: 'a whole JPEG file' }, { cause });
  }
};

/** Start-of-frame markers of kinds that jpeg-js does not decode (ITU-T T.81, table B.1). */
const UNSUPPORTED: Readonly<Record<number, string>> = {
  0xc3: 'lossless',
  0xc5: 'hierarchical',
  0xc6: 'hierarchical',
  0xc7: 'hierarchical',
  0xc9: 'arithmetic-coded',
  0xca: 'arithmetic-coded',
  0xcb: 'arithmetic-coded',
  0xcd: 'hierarchical',
  0xce: 'hierarchical',
  0xcf: 'hierarchical',
};

/** The size, and a refusal of what jpeg-js would decode wrongly or not at all. Walks the segments up to the frame header. */
function readHeader(file: string, bytes: Uint8Array): { width: number; height: number } {
  for (let at = 2; at + 4 <= bytes.length;) {
    const marker = bytes[at + 1];
    if (bytes[at] !== 0xff || marker === 0xff) {
      at++; // a fill byte, or junk that decoders skip
      continue;
    }
    const length = (bytes[at + 2] << 8) | bytes[at + 3];
    if (marker === 0xda || marker === 0xd9) break; // the scan, or the end, before any frame
    const unsupported = UNSUPPORTED[marker];
    if (unsupported !== undefined) {
      throw fault('unsupported-image', file, `a JPEG of ${unsupported} kind`, 'baseline and progressive JPEG');
    }
    if (marker < 0xc0 || marker > 0xc2) {
      at += 2 + Math.max(2, length);
      continue;
    }
    if (at + 10 > bytes.length) break;
    const precision = bytes[at + 4];
    const height = (bytes[at + 5] << 8) | bytes[at + 6];
    const width = (bytes[at + 7] << 8) | bytes[at + 8];
    const components = bytes[at + 9];
    if (precision !== 8) throw fault('unsupported-image', file, `a JPEG of ${precision} bits`, '8 bits');
    if (components !== 1 && components !== 3 && components !== 4) {
      throw fault('unsupported-image', file, `a JPEG of ${components} components`, '1, 3 or 4');
    }
    if (width === 0 || height === 0) {
      throw fault('unsupported-image', file, `a JPEG of ${width} x ${height} pixels in its header`, '1 x 1 or more');
    }
    return { width, height };
  }
  throw fault('truncated-file', file, 'a JPEG without a frame header', 'a whole JPEG file');
}

function fault(code: DataFileErrorCode, file: string, found: string, accepted: string): DataFileError {
  return new DataFileError(code, { file, found, accepted });
}
