/**
 * From the inflated bytes of a PNG to samples: the passes of an interlaced image, and the filters of its rows undone.
 * PNG specification, sections 8 and 9.
 */
import { DataFileError } from '../errors.ts';
import type { PngHeader } from './png-chunks.ts';

/** The part of the image that one pass holds: pixels (x + i * dx, y + j * dy). */
export interface PngPass {
  readonly x: number;
  readonly y: number;
  readonly dx: number;
  readonly dy: number;
  readonly width: number;
  readonly height: number;
  /** Of a row, without the byte that names its filter. */
  readonly rowBytes: number;
}

/** Adam7: x, y, dx, dy of the seven passes. */
const ADAM7: readonly (readonly [number, number, number, number])[] = [
  [0, 0, 8, 8],
  [4, 0, 8, 8],
  [0, 4, 4, 8],
  [2, 0, 4, 4],
  [0, 2, 2, 4],
  [1, 0, 2, 2],
  [0, 1, 1, 2],
];

const SAMPLES: Readonly<Record<number, number>> = { 0: 1, 2: 3, 3: 1, 4: 2, 6: 4 };

/** Samples per pixel. */
export function samplesOf({ colorType }: PngHeader): number {
  return SAMPLES[colorType];
}

/** The passes that hold pixels, in file order; one of everything where the image is not interlaced. */
export function passesOf(header: PngHeader): readonly PngPass[] {
  const bits = header.depth * samplesOf(header);
  return (header.interlaced ? ADAM7 : ([[0, 0, 1, 1]] as const))
    .map(([x, y, dx, dy]) => {
      const width = Math.ceil((header.width - x) / dx);
      const height = Math.ceil((header.height - y) / dy);
      return { x, y, dx, dy, width, height, rowBytes: Math.ceil((width * bits) / 8) };
    })
    .filter(({ width, height }) => width > 0 && height > 0);
}

/** The number of bytes that the zlib stream must hold. */
export function inflatedBytes(passes: readonly PngPass[]): number {
  return passes.reduce((bytes, { height, rowBytes }) => bytes + height * (rowBytes + 1), 0);
}

/**
 * Undoes the filters of one pass in place.
 *
 * @param offset where the pass begins in `bytes`
 * @throws DataFileError for a filter that does not exist
 */
export function unfilter(file: string, header: PngHeader, pass: PngPass, bytes: Uint8Array, offset: number): void {
  const step = Math.max(1, (header.depth * samplesOf(header)) >> 3); // bytes back to "the pixel to the left"
  const stride = pass.rowBytes + 1;
  for (let y = 0; y < pass.height; y++) {
    const start = offset + y * stride + 1;
    const end = start + pass.rowBytes;
    const above = y > 0 ? stride : 0; // 0: the row above the first counts as zeros
    switch (bytes[start - 1]) {
      case 0:
        break;
      case 1: // sub
        for (let i = start + step; i < end; i++) bytes[i] += bytes[i - step];
        break;
      case 2: // up
        if (above > 0) for (let i = start; i < end; i++) bytes[i] += bytes[i - above];
        break;
      case 3: // average
        for (let i = start; i < end; i++) {
          const left = i - start >= step ? bytes[i - step] : 0;
          bytes[i] += (left + (above > 0 ? bytes[i - above] : 0)) >> 1;
        }
        break;
      case 4: // Paeth
        for (let i = start; i < end; i++) {
          const inside = i - start >= step;
          const left = inside ? bytes[i - step] : 0;
          const up = above > 0 ? bytes[i - above] : 0;
          bytes[i] += paeth(left, up, inside && above > 0 ? bytes[i - above - step] : 0);
        }
        break;
      default: {
        const found = `filter ${bytes[start - 1]} in a row of a PNG`;
        throw new DataFileError('corrupt-file', { file, found, accepted: '0 to 4' });
      }
    }
  }
}

/** The neighbour that is nearest to left + up - upperLeft; ties in the order left, up, upper left. */
function paeth(left: number, up: number, upperLeft: number): number {
  const toLeft = Math.abs(up - upperLeft);
  const toUp = Math.abs(left - upperLeft);
  const toUpperLeft = Math.abs(left + up - 2 * upperLeft);
  if (toLeft <= toUp && toLeft <= toUpperLeft) return left;
  return toUp <= toUpperLeft ? up : upperLeft;
}
