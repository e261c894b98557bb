/** PNG and JPEG files to images: the format is told from the first bytes, never from the name. */
import { looksLike, sniff, SNIFF_BYTES } from '../bytes/sniff.ts';
import { DatasetArgumentError, DataFileError } from '../errors.ts';
import type { Images } from '../images/images.ts';
import { checkDecodeOptions, type Codec, type DecodeOptions } from './codec.ts';
import { decodeJpeg } from './jpeg.ts';
import { decodePng } from './png.ts';

const OPERATION = 'decodeImage';

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
  const head = bytes.subarray(0, SNIFF_BYTES);
  const format = sniff(head);
  if (format === 'a PNG image') return decodePng;
  if (format === 'a JPEG image') return decodeJpeg;
  const code = head.length === 0 ? 'truncated-file' : 'foreign-file';
  throw new DataFileError(code, { file, found: looksLike(head), accepted: 'a PNG or JPEG image' });
}
