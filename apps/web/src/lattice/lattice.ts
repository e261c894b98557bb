/** The kernels of a HetConv layer as numbers: which filter holds KxK on which channel, and what that costs. No drawing. */
import { connectionCount, hetConvMacs, macRatio, residueDepth, standardMacs, weightCount } from '@hetconv/core';
import type { LatticeSettings } from '../settings/lattice-settings.ts';

export interface LatticeCounts {
  /** Multiply-adds of one image: HetConv, and the standard convolution of the same sizes. */
  readonly macs: number;
  readonly standardMacs: number;
  /** Weights without bias. */
  readonly parameters: number;
  readonly standardParameters: number;
  /** How many times fewer of both. */
  readonly ratio: number;
  /** Pairs of filter and channel: all, and those with a KxK kernel. */
  readonly kernels: number;
  readonly spatialKernels: number;
}

export function latticeCounts({ inChannels, filters, part, kernel, side }: LatticeSettings): LatticeCounts {
  const layout = { inChannels, outChannels: filters, part, kernelHeight: kernel, kernelWidth: kernel };
  const cost = { ...layout, outHeight: side, outWidth: side };
  return {
    macs: hetConvMacs(cost),
    standardMacs: standardMacs(cost),
    parameters: weightCount(layout),
    standardParameters: kernel * kernel * inChannels * filters,
    ratio: macRatio(layout),
    kernels: inChannels * filters,
    spatialKernels: connectionCount(inChannels, filters, part),
  };
}

/** What one filter holds. */
export interface FilterKernels {
  /** Input channels with a KxK kernel: those with m = n (mod P), the first `MOST_LISTED` of them. */
  readonly listed: readonly number[];
  readonly spatial: number;
  readonly pointwise: number;
}

const MOST_LISTED = 8;

export function filterKernels({ inChannels, part, filter }: LatticeSettings): FilterKernels {
  const residue = filter % part;
  const spatial = residueDepth(inChannels, part, residue);
  const listed = Array.from({ length: Math.min(spatial, MOST_LISTED) }, (_, q) => q * part + residue);
  return { listed, spatial, pointwise: inChannels - spatial };
}
