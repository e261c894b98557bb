/**
 * In which order channels stand in textures while a sum is computed.
 *
 * `lanes`: as they are. An even P makes channels (q*P + r, q*P + r + 1) one pair that meets the filter pair of the same
 * residues lane by lane; needs P | source channels, so that no lane falls off the end.
 * `blocks`: channel q*P + r moves to r*size + q, and each residue is padded with zeros to an even size. A residue is then a small
 * dense product, which serves any P and uses every loaded value twice; it costs a copy of source and result.
 * P = 1 is one block and needs no copy while the channels are even.
 */
import type { HetConvPlan } from '@hetconv/core';
import type { Direction } from './geometry.ts';

export interface Blocks {
  /** P, the number of blocks */
  readonly part: number;
  /** Channels before. */
  readonly channels: number;
  /** Channels a block, even. */
  readonly size: number;
}

export function blocksOf(channels: number, part: number): Blocks {
  return { part, channels, size: 2 * Math.ceil(channels / part / 2) };
}

/** Channels in block order, padding included. */
export function blockedChannels({ part, size }: Blocks): number {
  return part * size;
}

/** True where blocks are the channels themselves: one residue, nothing to pad. */
export function isPlain({ part, channels }: Blocks): boolean {
  return part === 1 && channels % 2 === 0;
}

/** From this P on, lanes are faster than blocks; measured, see README. */
const LANES_FROM = 16;

export function canUseLanes(plan: HetConvPlan, direction: Direction): boolean {
  const [source, target] =
    direction === 'forward' ? [plan.inChannels, plan.outChannels] : [plan.outChannels, plan.inChannels];
  return plan.part % 2 === 0 && source % plan.part === 0 && target % 2 === 0;
}

export function prefersLanes(plan: HetConvPlan, direction: Direction): boolean {
  return canUseLanes(plan, direction) && plan.part >= LANES_FROM;
}
