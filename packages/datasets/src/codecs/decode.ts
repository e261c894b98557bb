/** PNG and JPEG files to images: the format is told from the first bytes, never from the name. */
import { looksLike, SNIFF_BYTES } from '../bytes/sniff.ts';
import { DatasetArgumentError, DataFileError } from '../errors.ts';
import type { Images } from '../images/images.ts';
import { checkDecodeOptions, type Codec, type DecodeOptions } from './codec.ts';
import { decodeJpeg } from './jpeg.ts';
import { decodePng } from './png.ts';
import { PNG_SIGNATURE } from './png-chunks.ts';

const OPERATION = 'decodeImage';

/** The start-of-image marker, and the first byte of the next marker. */
const JPEG_START = [0xff, 0xd8, 0xff] as const;

/**
 * One picture as RGB: grey is repeated, palettes are resolved, 16 bits are rounded to 8, transparency is composed over
 * `background`. The result is `Images` of count 1 and 3 channels; `resizeImages`, `imageToTensor` and `joinImages` take it on.
 *
 * @throws DataFileError for anything but a whole PNG or JPEG file within the limits; DatasetArgumentError
 */
export async function decodeImage(bytes: Uint8Array, options: DecodeOptions = {}): Promise<Images> {
  const limits = checkDecodeOptions(OPERATION, options);
  if (!ArrayBuffer.isView(bytes)) throw new DatasetArgumentError(OPERATION, 'bytes', bytes, 'a Uint8Array');
  const name = options.name ?? 'the given bytes';
  const { height, width, pixels } = await codecFor(name, bytes)(name, bytes, limits);
  return { count: 1, height, width, channels: 3, pixels };
}

function codecFor(file: string, bytes: Uint8Array): Codec {
  if (startsWith(bytes, PNG_SIGNATURE)) return decodePng;
  if (startsWith(bytes, JPEG_START)) return decodeJpeg;
  const code = bytes.length === 0 ? 'truncated-file' : 'foreign-file';
  const found = looksLike(bytes.subarray(0, SNIFF_BYTES));
  throw new DataFileError(code, { file, found, accepted: 'a PNG or JPEG image' });
}

function startsWith(bytes: Uint8Array, start: readonly number[]): boolean {
  return start.every((byte, i) => bytes[i] === byte);
}
