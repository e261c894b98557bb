/**
 * Proves every value of a large result without computing it: a random combination of the result's channels must be the same
 * combination of the definition's (Freivalds' check of matrix products). All numbers are integers below 2^53, so the two are exactly
 * equal; a wrong value is overlooked where its errors happen to cancel, with a chance of about 1 in 2,000. Costs an N-th of the oracle.
 */
import { type HetConvPlan, ringTaps, type Tap } from '@hetconv/core';

/** Largest factor of a combination: with sums below 2^24 and up to 2^16 channels everything stays below 2^53. */
export const LARGEST_FACTOR: number = 2 ** 10;

type Numbers = ArrayLike<number>;

/** A tap and its combined weights, one a channel of the image that it multiplies. */
interface CombinedTap extends Tap {
  readonly weights: Float64Array;
}

/** Combines the last axis: sum over c of factors[c] * values[..., c]. */
export function combineChannels(values: Numbers, factors: Numbers): Float64Array {
  const combined = new Float64Array(values.length / factors.length);
  for (let i = 0; i < combined.length; i++) {
    for (let c = 0; c < factors.length; c++) combined[i] += factors[c] * values[i * factors.length + c];
  }
  return combined;
}

/** What `combineChannels(y, factors)` must be; factors are one a filter. */
export function projectForward(
  plan: HetConvPlan,
  x: Numbers,
  pointwise: Numbers,
  spatial: Numbers,
  factors: Numbers,
): Float64Array {
  const taps = combineWeights(
    plan,
    pointwise,
    spatial,
    (_m, n) => factors[n],
    (m) => m,
    plan.inChannels,
  );
  const y = new Float64Array(plan.batch * plan.outHeight * plan.outWidth);
  forEachPair(plan, taps, (pixel, position, weights) => {
    for (let m = 0; m < weights.length; m++) y[position] += x[pixel * weights.length + m] * weights[m];
  });
  return y;
}

/** What `combineChannels(dx, factors)` must be; factors are one an input channel. */
export function projectInputGradient(
  plan: HetConvPlan,
  dy: Numbers,
  pointwise: Numbers,
  spatial: Numbers,
  factors: Numbers,
): Float64Array {
  const taps = combineWeights(
    plan,
    pointwise,
    spatial,
    (m) => factors[m],
    (_m, n) => n,
    plan.outChannels,
  );
  const dx = new Float64Array(plan.batch * plan.inHeight * plan.inWidth);
  forEachPair(plan, taps, (pixel, position, weights) => {
    for (let n = 0; n < weights.length; n++) dx[pixel] += dy[position * weights.length + n] * weights[n];
  });
  return dx;
}

/** What `combineChannels(dpointwise, factors)` must be, [M]; factors are one a filter. */
export function projectPointwiseGradient(plan: HetConvPlan, x: Numbers, dy: Numbers, factors: Numbers): Float64Array {
  const combined = combineChannels(dy, factors);
  const gradient = new Float64Array(plan.inChannels);
  const anchor = { row: plan.anchorRow, col: plan.anchorCol, weights: gradient };
  forEachPair(plan, [anchor], (pixel, position) => {
    for (let m = 0; m < gradient.length; m++) gradient[m] += x[pixel * gradient.length + m] * combined[position];
  });
  return gradient;
}

/** What {@link combineSpatial} of dspatial must be, [T, M]; factors are one a filter. */
export function projectSpatialGradient(plan: HetConvPlan, x: Numbers, dy: Numbers, factors: Numbers): Float64Array {
  const { inChannels, outChannels, part } = plan;
  // dy combined over the filters of each residue: [positions, P].
  const combined = new Float64Array((dy.length / outChannels) * part);
  for (let i = 0; i < dy.length; i++) {
    const n = i % outChannels;
    combined[Math.floor(i / outChannels) * part + (n % part)] += factors[n] * dy[i];
  }
  const gradient = new Float64Array(plan.ringTaps * inChannels);
  const taps = ringTaps(plan).map((tap, t) => ({
    ...tap,
    weights: gradient.subarray(t * inChannels, (t + 1) * inChannels),
  }));
  forEachPair(plan, taps, (pixel, position, sums) => {
    for (let m = 0; m < inChannels; m++) sums[m] += x[pixel * inChannels + m] * combined[position * part + (m % part)];
  });
  return gradient;
}

/** Combines dspatial [T, Q, N] over the filters of each input channel's residue: [T, M]. */
export function combineSpatial(plan: HetConvPlan, gradient: Numbers, factors: Numbers): Float64Array {
  const combined = new Float64Array(plan.ringTaps * plan.inChannels);
  forEachRingWeight(plan, (t, m, n, index) => (combined[t * plan.inChannels + m] += factors[n] * gradient[index]));
  return combined;
}

/** Sums W[u, v, m, n] * factor(m, n) into the channel that is kept. */
function combineWeights(
  plan: HetConvPlan,
  pointwise: Numbers,
  spatial: Numbers,
  factor: (m: number, n: number) => number,
  kept: (m: number, n: number) => number,
  channels: number,
): CombinedTap[] {
  const anchor = { row: plan.anchorRow, col: plan.anchorCol, weights: new Float64Array(channels) };
  const ring = ringTaps(plan).map((tap) => ({ ...tap, weights: new Float64Array(channels) }));
  for (let i = 0; i < pointwise.length; i++) {
    const [m, n] = [Math.floor(i / plan.outChannels), i % plan.outChannels];
    anchor.weights[kept(m, n)] += factor(m, n) * pointwise[i];
  }
  forEachRingWeight(plan, (t, m, n, index) => (ring[t].weights[kept(m, n)] += factor(m, n) * spatial[index]));
  return [anchor, ...ring];
}

/** Every entry of `spatial` that is a weight. */
function forEachRingWeight(plan: HetConvPlan, visit: (t: number, m: number, n: number, index: number) => void): void {
  const { ringTaps: taps, depth, outChannels, part, inChannels } = plan;
  let index = 0;
  for (let t = 0; t < taps; t++) {
    for (let q = 0; q < depth; q++) {
      for (let n = 0; n < outChannels; n++, index++) {
        const m = q * part + (n % part);
        if (m < inChannels) visit(t, m, n, index);
      }
    }
  }
}

/** Every pair of an input pixel and an output position that a tap connects. */
function forEachPair(
  plan: HetConvPlan,
  taps: readonly CombinedTap[],
  visit: (pixel: number, position: number, weights: Float64Array) => void,
): void {
  const { batch, inHeight, inWidth, outHeight, outWidth } = plan;
  for (const { row: u, col: v, weights } of taps) {
    for (let position = 0; position < batch * outHeight * outWidth; position++) {
      const [j, i] = [position % outWidth, Math.floor(position / outWidth) % outHeight];
      const row = i * plan.strideHeight + u * plan.dilationHeight - plan.padTop;
      const col = j * plan.strideWidth + v * plan.dilationWidth - plan.padLeft;
      if (row < 0 || row >= inHeight || col < 0 || col >= inWidth) continue;
      const image = Math.floor(position / outWidth / outHeight);
      visit((image * inHeight + row) * inWidth + col, position, weights);
    }
  }
}
