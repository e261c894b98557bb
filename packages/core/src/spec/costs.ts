/**
 * Multiply-adds of a HetConv and of the blocks that the paper compares it with. MAC = one multiply-add.
 * The published column is a convention of its own; it lives here as `paper...`, next to the exact count.
 */
import { connectionCount } from './channels.ts';
import { type WeightLayout, weightCount } from './weights.ts';

/** A layer and the number of output positions of one image at which its window is applied. */
export interface LayerCost extends WeightLayout {
  readonly outHeight: number;
  readonly outWidth: number;
}

/** Ho*Wo*(M*N + T * #{(m, n): m = n (mod P)}); for P | M equal to Ho*Wo*M*N*(1 + T/P). */
export function hetConvMacs(layer: LayerCost): number {
  return layer.outHeight * layer.outWidth * weightCount(layer);
}

/** Ho*Wo*M*N*kh*kw */
export function standardMacs(layer: Omit<LayerCost, 'part'>): number {
  const { outHeight, outWidth, inChannels, outChannels, kernelHeight, kernelWidth } = layer;
  return outHeight * outWidth * inChannels * outChannels * kernelHeight * kernelWidth;
}

/** Ho*Wo*N*kh*kw*M/G, contiguous or cyclic groups alike; exact also where G does not divide N. */
export function groupedMacs(layer: Omit<LayerCost, 'part'> & { readonly groups: number }): number {
  const { outHeight, outWidth, kernelHeight, kernelWidth, inChannels, outChannels, groups } = layer;
  return outHeight * outWidth * kernelHeight * kernelWidth * connectionCount(inChannels, outChannels, groups);
}

/** How many times fewer multiply-adds than the standard convolution of the same window: 9P / (P + 8) for K = 3, P | M. */
export function macRatio(layout: WeightLayout): number {
  const dense = layout.kernelHeight * layout.kernelWidth * layout.inChannels * layout.outChannels;
  return dense / weightCount(layout);
}

/**
 * FLOPs of a standard convolution as the paper counts them: 1 MAC = 1 FLOP, plus one operation an output for a bias,
 * Ho*Wo*N*(K*K*M + 1).
 */
export function paperStandardFlops(layer: Omit<LayerCost, 'part'>): number {
  const { outHeight, outWidth, kernelHeight, kernelWidth, inChannels, outChannels } = layer;
  return outHeight * outWidth * outChannels * (kernelHeight * kernelWidth * inChannels + 1);
}

/** The paper's FLOPs of a replaced layer: the standard count, bias included, times R = 1/P + (1 - 1/P)/K^2 (equation 6). */
export function paperHetConvFlops(layer: LayerCost): number {
  const taps = layer.kernelHeight * layer.kernelWidth;
  const ratio = 1 / layer.part + (1 - 1 / layer.part) / taps;
  return paperStandardFlops(layer) * ratio;
}

/** Millions, truncated (not rounded) to two decimals: how the paper prints its FLOPs. */
export function paperMillions(flops: number): number {
  // A relative nudge far below the printed digits undoes the rounding error of the ratio.
  return Math.floor((flops / 1e4) * (1 + 1e-12)) / 100;
}
