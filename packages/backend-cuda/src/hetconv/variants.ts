/**
 * The one list of variants: tiles of kernels/gemm.cuh in two arrangements (kernels/hetconv-sum.cuh). For a plan, the variant that runs is
 * the one with the least estimated time. An estimate counts products, those of a tile's empty part too, and rounds up to
 * whole waves of blocks; it is in units of a product of the large tile on one multiprocessor.
 */
import { type KernelVariant, maxResidueDepth, type Pass } from '@hetconv/core';
import { env, findBackend } from '@tensorflow/tfjs-core';
import type { CudaBackend } from '../backend.ts';
import type { Plan } from '../ops/windows.ts';

interface TileSize {
  readonly name: 'large' | 'medium' | 'small';
  readonly rows: number;
  readonly columns: number;
  readonly threads: number;
  /** Time of a product, beside the large tile's. */
  readonly cost: number;
}

const TILES: readonly TileSize[] = [
  { name: 'large', rows: 128, columns: 128, threads: 256, cost: 1 },
  { name: 'medium', rows: 128, columns: 64, threads: 256, cost: 1.15 },
  { name: 'small', rows: 32, columns: 32, threads: 64, cost: 2 },
];

/** Time of a ring product that a thread adds to its own sums: its operands come from the cache, not from registers. */
const LANE_COST = 8;
/** Of a product of the filter gradient without tiles, which looks up its pixel each time. */
const LOOKUP_COST = 40;

export type Arrangement = 'residues' | 'lanes';

export interface CudaVariant extends KernelVariant {
  readonly tileSize: TileSize;
  readonly arrangement: Arrangement;
  /** Estimated. */
  time(plan: Plan): number;
}

type Shape = Pick<CudaVariant, 'tileSize' | 'arrangement'>;

/**
 * Blocks that run at once. In tfjs's test mode, which conformance switches on, one: on a large GPU no layer that a test can check would
 * ever come to the large tiles.
 */
function multiprocessors(): number {
  if (env().getBool('IS_TEST')) return 1;
  return (findBackend('cuda') as CudaBackend | null)?.device.multiprocessors ?? 1;
}

/** Sums over M and the ring: rows are positions, columns the channels of the result. */
export function sumTime(plan: Plan, pass: 'forward' | 'inputGradient', { tileSize, arrangement }: Shape): number {
  const isForward = pass === 'forward';
  const [sources, targets] = isForward ? [plan.inChannels, plan.outChannels] : [plan.outChannels, plan.inChannels];
  const positions = plan.batch * (isForward ? plan.outHeight * plan.outWidth : plan.inHeight * plan.inWidth);
  const groups = arrangement === 'lanes' ? 1 : Math.min(plan.part, targets);
  const ring = plan.ringTaps * maxResidueDepth(sources, plan.part) * (arrangement === 'lanes' ? LANE_COST : 1);
  const blocks = Math.ceil(positions / tileSize.rows) * groups * Math.ceil(targets / groups / tileSize.columns);
  const waves = Math.ceil(blocks / multiprocessors());
  return waves * tileSize.rows * tileSize.columns * tileSize.cost * (sources + ring);
}

/** Sums over positions, in chunks that fill the device: rows are (tap, input channel), columns the filters. */
function outerTime(plan: Plan, taps: number, { tileSize, arrangement }: Shape): number {
  const { inChannels, outChannels, part } = plan;
  if (arrangement === 'lanes') return taps * maxResidueDepth(inChannels, part) * outChannels * LOOKUP_COST;
  const groups = Math.min(part, outChannels);
  const rows = Math.ceil((taps * maxResidueDepth(inChannels, part)) / tileSize.rows) * tileSize.rows;
  const columns = Math.ceil(outChannels / groups / tileSize.columns) * tileSize.columns;
  return groups * rows * columns * tileSize.cost;
}

function family(
  pass: Pass,
  tiles: readonly (readonly [TileSize['name'], Arrangement])[],
  time: (plan: Plan, shape: Shape) => number,
): readonly CudaVariant[] {
  const variants: CudaVariant[] = tiles.map(([name, arrangement]) => {
    const tileSize = TILES.find((tile) => tile.name === name) ?? TILES[0];
    const variant: CudaVariant = {
      name: `${pass}-${tileSize.rows}x${tileSize.columns}-${arrangement}`,
      pass,
      tile: { positions: tileSize.rows, channels: tileSize.columns },
      tileSize,
      arrangement,
      time: (plan) => time(plan, { tileSize, arrangement }),
      accepts: (plan) => choose(variants, plan) === variant,
    };
    return variant;
  });
  return variants;
}

const SUMS = [
  ['large', 'residues'],
  ['medium', 'residues'],
  ['small', 'residues'],
  ['medium', 'lanes'],
  ['small', 'lanes'],
] as const;

const RESIDUES = [
  ['large', 'residues'],
  ['medium', 'residues'],
  ['small', 'residues'],
] as const;

export const forwardVariants: readonly CudaVariant[] = family('forward', SUMS, (plan, shape) =>
  sumTime(plan, 'forward', shape),
);
export const inputGradientVariants: readonly CudaVariant[] = family('inputGradient', SUMS, (plan, shape) =>
  sumTime(plan, 'inputGradient', shape),
);
export const pointwiseGradientVariants: readonly CudaVariant[] = family(
  'pointwiseGradient',
  RESIDUES,
  (plan, variant) => outerTime({ ...plan, part: 1 }, 1, variant),
);
export const spatialGradientVariants: readonly CudaVariant[] = family(
  'spatialGradient',
  [...RESIDUES, ['small', 'lanes']],
  (plan, shape) => outerTime(plan, plan.ringTaps, shape),
);

/** For the filter of a standard convolution: every tap at once. */
export const filterVariants: readonly CudaVariant[] = family('pointwiseGradient', RESIDUES, (plan, shape) =>
  outerTime(plan, plan.ringTaps + 1, shape),
);

/** The variant that takes the least time, the first of equals. */
export function choose(variants: readonly CudaVariant[], plan: Plan): CudaVariant {
  let [best, least] = [variants[0], Infinity];
  for (const variant of variants) {
    const time = variant.time(plan);
    if (time < least) [best, least] = [variant, time];
  }
  return best;
}
