/**
 * A box of an image drawn at another size, axis by axis. Each output pixel is a weighted mean of source pixels; the weights are
 * a triangle (the bilinear, or "tent", filter) around the output pixel's centre, normalised to sum 1, which also
 * repeats the edge where the triangle hangs over it.
 */
import type { Images } from './images.ts';

/** Draws image `n`: bytes [height, width, channels]. */
export type Resampler = (images: Images, n: number) => Uint8Array;

/** In source pixels; may begin and end between them. */
export interface Box {
  readonly top: number;
  readonly left: number;
  readonly height: number;
  readonly width: number;
}

/**
 * @param antialias widen the triangle where the image shrinks, so that every source pixel counts
 */
export function resampler(
  source: Pick<Images, 'height' | 'width' | 'channels'>,
  box: Box,
  height: number,
  width: number,
  antialias: boolean,
): Resampler {
  const { channels } = source;
  const rows = triangles(source.height, box.top, box.height, height, antialias);
  const columns = triangles(source.width, box.left, box.width, width, antialias);
  const firstRow = rows[0].first;
  const lastRow = rows.reduce((last, { first, weights }) => Math.max(last, first + weights.length), 0);
  const rowLength = width * channels;
  const narrowed = new Float64Array((lastRow - firstRow) * rowLength); // the rows needed, at their final width
  const sums = new Float64Array(rowLength);
  return (images, n) => {
    for (let y = firstRow; y < lastRow; y++) {
      const from = (n * images.height + y) * images.width * channels;
      const to = (y - firstRow) * rowLength;
      for (let x = 0; x < width; x++) {
        const { first, weights } = columns[x];
        for (let c = 0; c < channels; c++) {
          let sum = 0;
          for (let k = 0; k < weights.length; k++) sum += weights[k] * images.pixels[from + (first + k) * channels + c];
          narrowed[to + x * channels + c] = sum;
        }
      }
    }
    const result = new Uint8Array(height * rowLength);
    for (let y = 0; y < height; y++) {
      const { first, weights } = rows[y];
      sums.fill(0);
      for (let k = 0; k < weights.length; k++) {
        const from = (first - firstRow + k) * rowLength;
        for (let i = 0; i < rowLength; i++) sums[i] += weights[k] * narrowed[from + i];
      }
      for (let i = 0; i < rowLength; i++) result[y * rowLength + i] = Math.floor(sums[i] + 0.5);
    }
    return result;
  };
}

/** The source pixels of one output pixel along one axis: `weights[k]` is that of pixel `first + k`. */
interface Triangle {
  readonly first: number;
  readonly weights: Float64Array;
}

function triangles(size: number, start: number, length: number, outputs: number, antialias: boolean): Triangle[] {
  const step = length / outputs;
  const radius = antialias ? Math.max(1, step) : 1;
  return Array.from({ length: outputs }, (_, output) => {
    const center = start + (output + 0.5) * step;
    const first = Math.max(0, Math.ceil(center - radius - 0.5));
    const end = Math.min(size, Math.floor(center + radius - 0.5) + 1);
    const heights = Float64Array.from({ length: end - first }, (__, k) =>
      Math.max(0, 1 - Math.abs(first + k + 0.5 - center) / radius),
    );
    const sum = heights.reduce((total, height) => total + height, 0);
    return { first, weights: heights.map((height) => height / sum) };
  });
}
