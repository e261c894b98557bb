/**
 * The inner loops: small matrix products over a run of pixels, with strides for everything, so that one loop serves
 * every P. Sums are kept in float64 locals: V8 holds 2 x 4 of them in registers, and measured on Node 20 and 24 plain
 * doubles run at twice the rate of Math.fround chains. Nothing is allocated.
 */

/** Channels of a full tile. */
export const TILE_CHANNELS = 4;
/** Pixels of a full tile. */
export const TILE_PIXELS = 2;

/** A run of equally spaced pixels in a flat NHWC tensor, at one channel. */
export interface Run {
  /** Index of the first pixel's first channel. */
  start: number;
  /** From one pixel of the run to the next. */
  pixelStep: number;
  /** From one channel of the block to the next. */
  channelStep: number;
}

/**
 * target[p, c] += sum over k of source[p, k] * weights[k, c], for `pixels` pixels and 4 channels.
 *
 * @param weights packed [depth, 4]
 */
export function accumulateQuad(
  target: Float32Array,
  to: Run,
  source: Float32Array,
  from: Run,
  weights: Float64Array,
  depth: number,
  pixels: number,
): void {
  const { pixelStep: toPixel, channelStep: toChannel } = to;
  const { pixelStep: fromPixel, channelStep: fromChannel } = from;
  const end = depth * 4;
  let y = to.start;
  let x = from.start;
  let left = pixels;
  for (; left >= 2; left -= 2) {
    let [a0, a1, a2, a3, b0, b1, b2, b3] = [0, 0, 0, 0, 0, 0, 0, 0];
    let i = x;
    let j = x + fromPixel;
    for (let k = 0; k < end; k += 4) {
      const w0 = weights[k];
      const w1 = weights[k + 1];
      const w2 = weights[k + 2];
      const w3 = weights[k + 3];
      const u = source[i];
      const v = source[j];
      a0 += u * w0;
      a1 += u * w1;
      a2 += u * w2;
      a3 += u * w3;
      b0 += v * w0;
      b1 += v * w1;
      b2 += v * w2;
      b3 += v * w3;
      i += fromChannel;
      j += fromChannel;
    }
    target[y] += a0;
    target[y + toChannel] += a1;
    target[y + 2 * toChannel] += a2;
    target[y + 3 * toChannel] += a3;
    y += toPixel;
    target[y] += b0;
    target[y + toChannel] += b1;
    target[y + 2 * toChannel] += b2;
    target[y + 3 * toChannel] += b3;
    y += toPixel;
    x += 2 * fromPixel;
  }
  if (left === 0) return;
  let [a0, a1, a2, a3] = [0, 0, 0, 0];
  for (let k = 0, i = x; k < end; k += 4, i += fromChannel) {
    const u = source[i];
    a0 += u * weights[k];
    a1 += u * weights[k + 1];
    a2 += u * weights[k + 2];
    a3 += u * weights[k + 3];
  }
  target[y] += a0;
  target[y + toChannel] += a1;
  target[y + 2 * toChannel] += a2;
  target[y + 3 * toChannel] += a3;
}

/** As {@link accumulateQuad} for one channel: what is left of a residue with fewer than 4 filters. `weights` is [depth]. */
export function accumulateSingle(
  target: Float32Array,
  to: Run,
  source: Float32Array,
  from: Run,
  weights: Float64Array,
  depth: number,
  pixels: number,
): void {
  const { pixelStep: fromPixel, channelStep: fromChannel } = from;
  let y = to.start;
  let x = from.start;
  for (let p = 0; p < pixels; p++) {
    let sum = 0;
    for (let k = 0, i = x; k < depth; k++, i += fromChannel) sum += source[i] * weights[k];
    target[y] += sum;
    y += to.pixelStep;
    x += fromPixel;
  }
}

/**
 * target[p, j] += sum over k of source[p, k, j] * weights[k, j], for 4 neighbouring channels j: four residues at once,
 * each with a filter of its own. `to.channelStep` is 1.
 *
 * @param weights packed [depth, 4]
 */
export function accumulateLanes(
  target: Float32Array,
  to: Run,
  source: Float32Array,
  from: Run,
  weights: Float64Array,
  depth: number,
  pixels: number,
): void {
  const { pixelStep: fromPixel, channelStep: fromChannel } = from;
  const end = depth * 4;
  let y = to.start;
  let x = from.start;
  for (let p = 0; p < pixels; p++) {
    let [a0, a1, a2, a3] = [0, 0, 0, 0];
    for (let k = 0, i = x; k < end; k += 4, i += fromChannel) {
      a0 += source[i] * weights[k];
      a1 += source[i + 1] * weights[k + 1];
      a2 += source[i + 2] * weights[k + 2];
      a3 += source[i + 3] * weights[k + 3];
    }
    target[y] += a0;
    target[y + 1] += a1;
    target[y + 2] += a2;
    target[y + 3] += a3;
    y += to.pixelStep;
    x += fromPixel;
  }
}

/**
 * gradient[a, c] += sum over pixels of left[p, a] * right[p, c], for 2 rows and 4 columns of the gradient.
 *
 * @param at index of gradient[0, 0]
 */
export function accumulateOuterTile(
  gradient: Float32Array,
  at: number,
  rowStep: number,
  columnStep: number,
  left: Float32Array,
  rows: Run,
  right: Float32Array,
  columns: Run,
  pixels: number,
): void {
  const { pixelStep: leftPixel, channelStep: leftChannel } = rows;
  const { pixelStep: rightPixel, channelStep: rightChannel } = columns;
  let [a0, a1, a2, a3, b0, b1, b2, b3] = [0, 0, 0, 0, 0, 0, 0, 0];
  for (let p = 0, i = rows.start, j = columns.start; p < pixels; p++, i += leftPixel, j += rightPixel) {
    const u = left[i];
    const v = left[i + leftChannel];
    const r0 = right[j];
    const r1 = right[j + rightChannel];
    const r2 = right[j + 2 * rightChannel];
    const r3 = right[j + 3 * rightChannel];
    a0 += u * r0;
    a1 += u * r1;
    a2 += u * r2;
    a3 += u * r3;
    b0 += v * r0;
    b1 += v * r1;
    b2 += v * r2;
    b3 += v * r3;
  }
  gradient[at] += a0;
  gradient[at + columnStep] += a1;
  gradient[at + 2 * columnStep] += a2;
  gradient[at + 3 * columnStep] += a3;
  const next = at + rowStep;
  gradient[next] += b0;
  gradient[next + columnStep] += b1;
  gradient[next + 2 * columnStep] += b2;
  gradient[next + 3 * columnStep] += b3;
}

/** One element of the gradient: sum over pixels of left[p] * right[p]. */
export function sumProducts(left: Float32Array, rows: Run, right: Float32Array, columns: Run, pixels: number): number {
  let sum = 0;
  for (let p = 0, i = rows.start, j = columns.start; p < pixels; p++) {
    sum += left[i] * right[j];
    i += rows.pixelStep;
    j += columns.pixelStep;
  }
  return sum;
}
