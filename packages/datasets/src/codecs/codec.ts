/** What the two image decoders have in common: their form and their limits. */
import { DatasetArgumentError, DataFileError } from '../errors.ts';
import { BYTE_VALUE, perChannel } from '../images/per-channel.ts';

export interface DecodeOptions {
  /** Stands in error messages. Default 'the given bytes'. */
  readonly name?: string;
  /** Larger images are refused before anything is decoded. Default 50 million. */
  readonly maxPixels?: number;
  /** How much memory the JPEG decoder may take, in MiB, at about 21 bytes a pixel. Default 512: 25 megapixels and more. */
  readonly maxMemoryMB?: number;
  /** RGB, 0..255, that shows through where a PNG is transparent. Default white. */
  readonly background?: readonly [red: number, green: number, blue: number];
}

export type DecodeLimits = Required<Omit<DecodeOptions, 'name'>>;

/** RGB: pixels [height, width, 3]. */
export interface Picture {
  readonly height: number;
  readonly width: number;
  readonly pixels: Uint8Array;
}

/** @throws DataFileError */
export type Codec = (file: string, bytes: Uint8Array, limits: DecodeLimits) => Promise<Picture>;

/** @throws DatasetArgumentError */
export function checkDecodeOptions(operation: string, options: DecodeOptions): DecodeLimits {
  const { maxPixels = 50e6, maxMemoryMB = 512, background = [255, 255, 255] } = options;
  if (!(maxPixels >= 1)) throw new DatasetArgumentError(operation, 'maxPixels', maxPixels, 'a number of at least 1');
  if (!(maxMemoryMB > 0)) throw new DatasetArgumentError(operation, 'maxMemoryMB', maxMemoryMB, 'a positive number');
  perChannel(operation, 'background', background, 3, BYTE_VALUE);
  return { maxPixels, maxMemoryMB, background };
}

/** @throws DataFileError when an image has more pixels than the caller allows */
export function checkPixels(file: string, width: number, height: number, { maxPixels }: DecodeLimits): void {
  if (width * height <= maxPixels) return;
  const fault = { file, found: `an image of ${width} x ${height} pixels`, accepted: `at most ${maxPixels} pixels` };
  throw new DataFileError('image-too-large', { ...fault, hint: 'The option maxPixels raises the limit.' });
}
