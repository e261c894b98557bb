/**
 * The masked dense filter W of the definition, entry by entry. Written apart from the core's `toDense` on purpose: the
 * identities compare the two.
 */
import { type HetConvPlan, ringTaps } from '@hetconv/core';

/** Index of every weight in the dense filter `[kh, kw, M, N]`. */
interface DenseIndex {
  /** For each entry of `pointwise`. */
  readonly pointwise: Int32Array;
  /** For each entry of `spatial`; -1 where the entry is no weight. */
  readonly spatial: Int32Array;
}

/** `[kh, kw, M, N]`, zero where a HetConv has no weight. */
export function maskedDense(plan: HetConvPlan, pointwise: Float32Array, spatial: Float32Array): Float32Array {
  const index = denseIndex(plan);
  const { kernelHeight, kernelWidth, inChannels, outChannels } = plan;
  const dense = new Float32Array(kernelHeight * kernelWidth * inChannels * outChannels);
  pointwise.forEach((value, i) => (dense[index.pointwise[i]] = value));
  spatial.forEach((value, i) => {
    if (index.spatial[i] >= 0) dense[index.spatial[i]] = value;
  });
  return dense;
}

/** The entries of a dense array that are weights, in the layout of `pointwise` or `spatial`; 0 where there is none. */
export function takeWeights(plan: HetConvPlan, dense: ArrayLike<number>, part: 'pointwise' | 'spatial'): Float32Array {
  return Float32Array.from(denseIndex(plan)[part], (i) => (i < 0 ? 0 : dense[i]));
}

function denseIndex(plan: HetConvPlan): DenseIndex {
  const { inChannels, outChannels, kernelWidth, depth, part } = plan;
  const at = (row: number, col: number, m: number, n: number): number =>
    ((row * kernelWidth + col) * inChannels + m) * outChannels + n;
  const taps = ringTaps(plan);
  return {
    pointwise: Int32Array.from({ length: inChannels * outChannels }, (_, i) =>
      at(plan.anchorRow, plan.anchorCol, Math.floor(i / outChannels), i % outChannels),
    ),
    spatial: Int32Array.from({ length: taps.length * depth * outChannels }, (_, i) => {
      const { row, col } = taps[Math.floor(i / (depth * outChannels))];
      const n = i % outChannels;
      const m = (Math.floor(i / outChannels) % depth) * part + (n % part);
      return m < inChannels ? at(row, col, m, n) : -1;
    }),
  };
}
