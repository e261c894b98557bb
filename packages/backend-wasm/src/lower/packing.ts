/**
 * Weights in the order in which a kernel reads them: group after group; within a group the anchor's steps, then each
 * tap's, each step one vector of 4 lanes per quad. In front of each block, the records that describe its groups.
 */
import type { HetConvPlan } from '@hetconv/core';
import { GROUP } from '../emit/sum-kernel.ts';
import type { GroupKind, Quad } from './quads.ts';
import type { Direction, SubConvolution } from './sub-convolutions.ts';

/** Where the weights lie, as indices into the float32 view of the memory. Rows are N apart everywhere. */
export interface WeightPlaces {
  /** Entry [m = 0, n = 0] of the anchor tap. */
  readonly anchor: number;
  /** Entry [q = 0, n = 0] of each ring tap. */
  readonly ring: readonly number[];
}

export interface PackedKind {
  readonly kind: GroupKind;
  /** Byte offset of the group records in the packed block. */
  readonly records: number;
  /** Bytes of the weights of one group, at most. */
  readonly groupBytes: number;
}

export interface PackedLayout {
  readonly kinds: readonly PackedKind[];
  /** Bytes of the whole block, 16-byte aligned parts. */
  readonly bytes: number;
}

const VECTOR = 16;

export function packedLayout(kinds: readonly GroupKind[], sub: SubConvolution, sourceChannels: number): PackedLayout {
  const anchorSteps = hasAnchor(sub) ? sourceChannels : 0;
  const ringTaps = sub.taps.length - (hasAnchor(sub) ? 1 : 0);
  let bytes = 0;
  const packed: PackedKind[] = [];
  for (const kind of kinds) {
    packed.push({ kind, records: bytes, groupBytes: VECTOR * kind.quads * (anchorSteps + ringTaps * maxDepth(kind)) });
    bytes = align(bytes + GROUP.bytes * kind.groups.length);
    for (const [quad] of kind.groups) bytes += VECTOR * kind.quads * (anchorSteps + ringTaps * quad.depth);
  }
  return { kinds: packed, bytes };
}

export const hasAnchor = (sub: SubConvolution): boolean => sub.taps.length > 0 && sub.taps[0].ring === -1;

/**
 * Writes records and weights at `address`.
 *
 * @returns whether every weight is finite: a zero of the padding may then be multiplied
 */
export function pack(
  floats: Float32Array,
  ints: Int32Array,
  address: number,
  layout: PackedLayout,
  sub: SubConvolution,
  plan: HetConvPlan,
  direction: Direction,
  places: WeightPlaces,
): boolean {
  const { inChannels, outChannels: N, part } = plan;
  const isForward = direction === 'forward';
  const anchorSteps = hasAnchor(sub) ? (isForward ? inChannels : N) : 0;
  const ring = sub.taps.filter((tap) => tap.ring >= 0);
  // From one step to the next, and where a target channel's own column begins.
  const anchorStep = isForward ? N : 1;
  const ringStep = isForward ? N : part;
  const anchorColumn = (channel: number): number => (isForward ? channel : channel * N);
  const ringColumn = (channel: number): number =>
    isForward ? channel : Math.floor(channel / part) * N + (channel % part);

  let probe = 0;
  const copy = (to: number, from: number, step: number, steps: number, stride: number): void => {
    for (let k = 0, i = from, o = to; k < steps; k++, i += step, o += stride) {
      const value = floats[i];
      floats[o] = value;
      probe += value - value; // NaN from the first infinity or NaN on
    }
  };

  for (const { kind, records } of layout.kinds) {
    const stride = 4 * kind.quads;
    let at = (address + align(records + GROUP.bytes * kind.groups.length)) / 4;
    for (const [index, group] of kind.groups.entries()) {
      const { depth } = group[0];
      writeRecord(ints, (address + records + index * GROUP.bytes) / 4, group, at * 4, anchorSteps, ring.length);
      const length = stride * (anchorSteps + ring.length * depth);
      floats.fill(0, at, at + length);
      for (const [q, quad] of group.entries()) {
        for (let lane = 0; lane < quad.lanes; lane++) {
          const channel = quad.channel + lane;
          const to = at + 4 * q + lane;
          copy(to, places.anchor + anchorColumn(channel), anchorStep, anchorSteps, stride);
          for (const [t, tap] of ring.entries()) {
            const start = to + stride * (anchorSteps + t * depth);
            copy(start, places.ring[tap.ring] + ringColumn(channel), ringStep, depth, stride);
          }
        }
      }
      at += length;
    }
  }
  return probe === 0;
}

function writeRecord(
  ints: Int32Array,
  at: number,
  group: readonly Quad[],
  weights: number,
  anchorSteps: number,
  taps: number,
): void {
  const { depth, source } = group[0];
  ints[at + GROUP.weights / 4] = weights;
  ints[at + GROUP.anchorSteps / 4] = anchorSteps;
  ints[at + GROUP.taps / 4] = depth === 0 ? 0 : taps;
  ints[at + GROUP.depth / 4] = depth;
  ints[at + GROUP.source / 4] = 4 * source;
  for (const [q, quad] of group.entries()) {
    ints[at + GROUP.target[q] / 4] = 4 * quad.channel;
    ints[at + GROUP.lanes[q] / 4] = quad.lanes;
  }
}

const align = (bytes: number): number => Math.ceil(bytes / VECTOR) * VECTOR;

const maxDepth = (kind: GroupKind): number => kind.groups.reduce((most, [quad]) => Math.max(most, quad.depth), 0);
