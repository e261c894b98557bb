/**
 * The two weight tensors of a HetConv and how they map to the masked dense filter W of the definition:
 * `pointwise` [1, 1, M, N] holds the anchor tap of every (m, n); `spatial` [T, Q, N] holds, at [t, q, n],
 * off-anchor tap t of filter n on input channel q*P + (n mod P). No zero is stored and no weight twice.
 */
import { connectionCount, maxResidueDepth, residueDepth } from './channels.ts';

/** The sizes that determine the weights of a layer. */
export interface WeightLayout {
  readonly kernelHeight: number;
  readonly kernelWidth: number;
  readonly inChannels: number;
  readonly outChannels: number;
  readonly part: number;
}

/** `[1, 1, M, N]` */
export function pointwiseShape(layout: WeightLayout): [number, number, number, number] {
  return [1, 1, layout.inChannels, layout.outChannels];
}

/** `[T, Q, N]`; T is 0 for a 1x1 kernel. */
export function spatialShape(layout: WeightLayout): [number, number, number] {
  const taps = layout.kernelHeight * layout.kernelWidth - 1;
  return [taps, maxResidueDepth(layout.inChannels, layout.part), layout.outChannels];
}

/** `[kernelHeight, kernelWidth, M, N]` */
export function denseShape(layout: WeightLayout): [number, number, number, number] {
  return [layout.kernelHeight, layout.kernelWidth, layout.inChannels, layout.outChannels];
}

/**
 * Real weights of the whole layer, bias excluded: M*N + T * #{(m, n): m = n (mod P)}.
 * Entries of `spatial` that only pad a ragged residue are not weights.
 */
export function weightCount(layout: WeightLayout): number {
  const taps = layout.kernelHeight * layout.kernelWidth - 1;
  return (
    layout.inChannels * layout.outChannels + taps * connectionCount(layout.inChannels, layout.outChannels, layout.part)
  );
}

/** Real weights of filter n: M + T * (input channels of its residue). The reduction length of an output element. */
export function filterWeightCount(layout: WeightLayout, filter: number): number {
  const taps = layout.kernelHeight * layout.kernelWidth - 1;
  return layout.inChannels + taps * residueDepth(layout.inChannels, layout.part, filter % layout.part);
}

/** The fan-in and fan-out of one unit, over real weights: M + T*M/P and N + T*N/P (means where P does not divide). */
export function fans(layout: WeightLayout): { readonly fanIn: number; readonly fanOut: number } {
  const weights = weightCount(layout);
  return { fanIn: weights / layout.outChannels, fanOut: weights / layout.inChannels };
}

/** True where `spatial[t, q, n]` is a weight, false where P does not divide M and the entry only fills the box. */
export function spatialEntryExists(layout: WeightLayout, q: number, n: number): boolean {
  return q * layout.part + (n % layout.part) < layout.inChannels;
}

/** 1 where `spatial` holds a real weight, 0 where an entry only fills the box; shape [Q, N], the same for every tap. */
export function spatialMask(layout: WeightLayout): Float32Array {
  const depth = maxResidueDepth(layout.inChannels, layout.part);
  const mask = new Float32Array(depth * layout.outChannels);
  for (let q = 0; q < depth; q++) {
    for (let n = 0; n < layout.outChannels; n++) {
      mask[q * layout.outChannels + n] = spatialEntryExists(layout, q, n) ? 1 : 0;
    }
  }
  return mask;
}
