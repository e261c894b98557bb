/**
 * Every kernel variant, in order of preference. A name says pass, tile (positions or rows x channels), how sums are fed, ring
 * and buffers: `forward-64x64-staged-quad-vec4`.
 */
import type { HetConvPlan, KernelVariant } from '@hetconv/core';
import type { FilterGradientShape } from './wgsl/filter-gradient.ts';
import { rowsPerGroup } from './wgsl/filter-gradient.ts';
import { type Lanes, quadPart, type Ring, type Tile, tileChannels, tilePositions } from './wgsl/shape.ts';
import { stagedBytes } from './wgsl/staged-taps.ts';
import type { SumTapsShape } from './wgsl/sum-taps.ts';
import type { Limits } from './run/limits.ts';

/**
 * What the variants are made for. `gpu`: dense phases through workgroup memory. `software` (SwiftShader, llvmpipe): a barrier
 * costs more there than the reads it saves, so everything is read straight from the buffers; measured 4 to 5 times faster.
 */
export type Tuning = 'gpu' | 'software';

export interface SumVariant extends KernelVariant {
  readonly pass: 'forward' | 'inputGradient';
  readonly shape: SumTapsShape;
}

export interface FilterVariant extends KernelVariant {
  readonly pass: 'pointwiseGradient' | 'spatialGradient';
  /** Absent for 1x1 kernels, whose `spatial` is empty. */
  readonly shape?: FilterGradientShape;
}

export type Variant = SumVariant | FilterVariant;

const LARGE: Tile = { across: 8, down: 16, positionsPerThread: 4, quadsPerThread: 2 };
const SMALL: Tile = { across: 8, down: 8, positionsPerThread: 4, quadsPerThread: 1 };
const DIRECT: Tile = { across: 8, down: 8, positionsPerThread: 4, quadsPerThread: 2 };
/** Lane-by-lane reads make long texts: with more sums a thread SwiftShader compiles for minutes. */
const DIRECT_SCALAR: Tile = { across: 8, down: 8, positionsPerThread: 2, quadsPerThread: 1 };
const DENSE_FILTER: Tile = { across: 8, down: 8, positionsPerThread: 1, quadsPerThread: 2 };
const SPARSE_FILTER: Tile = { across: 16, down: 4, positionsPerThread: 1, quadsPerThread: 1 };

/** Fewer large workgroups than this leave most of a GPU idle: small ones then. */
const ENOUGH_GROUPS = 8;

const RINGS: readonly Ring[] = ['none', 'splat', 'pair', 'four', 'quad', 'wide', 'gather'];

/** @param limits of the device; tiles that it cannot hold are left out */
export function createVariants(tuning: Tuning, limits: Limits): readonly Variant[] {
  return [
    ...(['forward', 'inputGradient'] as const).flatMap((pass) => sumVariants(pass, tuning, limits)),
    ...filterVariants(),
  ];
}

function sumVariants(pass: SumVariant['pass'], tuning: Tuning, limits: Limits): SumVariant[] {
  const variant = (
    tile: Tile,
    staged: boolean,
    ring: Ring,
    lanes: Lanes,
    fits: (plan: HetConvPlan) => boolean,
  ): SumVariant => {
    const size = `${tilePositions(tile)}x${tileChannels(tile)}`;
    return {
      name: `${pass}-${size}-${staged ? 'staged' : 'direct'}-${ring}-${lanes}`,
      pass,
      tile: { positions: tilePositions(tile), channels: tileChannels(tile) },
      shape: { reversed: pass === 'inputGradient', staged, tile, ring, lanes },
      accepts: (plan) => ringOf(plan, tile) === ring && servesLanes(plan, ring, lanes) && fits(plan),
    };
  };
  const both = (quads: Tile, scalars: Tile, staged: boolean): SumVariant[] =>
    RINGS.flatMap((ring) =>
      lanesOf(ring).map((lanes) => variant(lanes === 'vec4' ? quads : scalars, staged, ring, lanes, always)),
    );
  if (tuning === 'software') return both(DIRECT, DIRECT_SCALAR, false);
  const large = RINGS.filter((ring) => ring !== 'gather').map((ring) =>
    variant(LARGE, true, ring, 'vec4', (plan) => groupsOf(plan, pass, LARGE) >= ENOUGH_GROUPS),
  );
  return [...(holds(limits, LARGE) ? large : []), ...both(SMALL, SMALL, holds(limits, SMALL))];
}

function filterVariants(): FilterVariant[] {
  const variant = (pass: FilterVariant['pass'], ring: FilterGradientShape['ring'], lanes: Lanes): FilterVariant => {
    const tile = ring === 'wide' || ring === 'gather' ? SPARSE_FILTER : DENSE_FILTER;
    const rows = tile.down * tile.positionsPerThread * rowsPerGroup(ring);
    const serves = (plan: HetConvPlan): boolean => {
      // Of one tile, whichever the variant has: else a P may divide the one's quads, and be left to the other.
      const wanted = ringOf(plan, DENSE_FILTER);
      return pass === 'pointwiseGradient' || (wanted === 'four' ? 'quad' : wanted) === ring;
    };
    return {
      name: `${pass}-${rows}x${tileChannels(tile)}-${ring}-${lanes}`,
      pass,
      tile: { positions: 1, channels: tileChannels(tile) },
      shape: { ring, lanes, tile },
      accepts: (plan) => serves(plan) && servesLanes(plan, ring, lanes),
    };
  };
  const rings = ['splat', 'pair', 'quad', 'wide', 'gather'] as const;
  return [
    variant('pointwiseGradient', 'splat', 'vec4'),
    variant('pointwiseGradient', 'splat', 'scalar'),
    { name: 'spatialGradient-empty', pass: 'spatialGradient', accepts: (plan) => plan.ringTaps === 0 },
    ...rings.flatMap((ring) => lanesOf(ring).map((lanes) => variant('spatialGradient', ring, lanes))),
  ];
}

/** `gather` reads lane by lane whatever M and N are. */
function lanesOf(ring: Ring): readonly Lanes[] {
  return ring === 'gather' ? ['scalar'] : ['vec4', 'scalar'];
}

function servesLanes(plan: HetConvPlan, ring: Ring, lanes: Lanes): boolean {
  const aligned = plan.inChannels % 4 === 0 && plan.outChannels % 4 === 0;
  return ring === 'gather' || (lanes === 'vec4') === aligned;
}

function ringOf({ ringTaps, part }: HetConvPlan, tile: Tile): Ring {
  if (ringTaps === 0) return 'none';
  if (part === 1) return 'splat';
  if (part === 2) return 'pair';
  if (part === 4) return 'four';
  if (part % 4 !== 0) return 'gather';
  return quadPart(tile) % part === 0 ? 'quad' : 'wide';
}

const always = (): boolean => true;

function groupsOf(plan: HetConvPlan, pass: SumVariant['pass'], tile: Tile): number {
  const [pixels, channels] =
    pass === 'forward'
      ? [plan.outHeight * plan.outWidth, plan.outChannels]
      : [plan.inHeight * plan.inWidth, plan.inChannels];
  return Math.ceil((plan.batch * pixels) / tilePositions(tile)) * Math.ceil(channels / tileChannels(tile));
}

function holds(limits: Limits, tile: Tile): boolean {
  return (
    stagedBytes(tile) <= limits.maxComputeWorkgroupStorageSize &&
    tile.across * tile.down <= limits.maxComputeInvocationsPerWorkgroup
  );
}
