/**
 * The one list of variants. Ring in lanes or in blocks (layout.ts), columns in rows of taps or tap by tap (geometry.ts): every
 * combination is a program of its own; the first that accepts a plan runs.
 */
import type { HetConvPlan, KernelVariant, Pass } from '@hetconv/core';
import { type Direction, hasTapRows } from './geometry.ts';
import { canUseLanes, prefersLanes } from './layout.ts';
import type { RingKind } from './programs/products.ts';

/** What a fragment computes. */
const tile = { positions: 2, channels: 2 };

export interface SumVariant extends KernelVariant {
  readonly ring: RingKind;
  readonly usesTapRows: boolean;
}

function sums(pass: Extract<Pass, 'forward' | 'inputGradient'>, direction: Direction): SumVariant[] {
  const isLanes = (plan: HetConvPlan): boolean => plan.ringTaps > 0 && prefersLanes(plan, direction);
  const variant = (ring: RingKind, usesTapRows: boolean, accepts: (plan: HetConvPlan) => boolean): SumVariant => ({
    name: `${pass}-2x2-${ring}${usesTapRows ? '-taprows' : ''}`,
    pass,
    tile,
    ring,
    usesTapRows,
    accepts,
  });
  return [
    variant('lanes', true, (plan) => isLanes(plan) && hasTapRows(plan)),
    variant('blocks', true, (plan) => hasTapRows(plan)),
    variant('lanes', false, isLanes),
    variant('blocks', false, () => true),
  ];
}

export const forwardVariants: readonly SumVariant[] = sums('forward', 'forward');
export const inputGradientVariants: readonly SumVariant[] = sums('inputGradient', 'backward');

export interface SpatialVariant extends KernelVariant {
  readonly ring: RingKind;
}

export const spatialGradientVariants: readonly SpatialVariant[] = [
  {
    name: 'spatialGradient-2x2-lanes',
    pass: 'spatialGradient',
    tile,
    ring: 'lanes',
    accepts: (plan) => canUseLanes(plan, 'forward'),
  },
  { name: 'spatialGradient-2x2-blocks', pass: 'spatialGradient', tile, ring: 'blocks', accepts: () => true },
];

export const variants: readonly KernelVariant[] = [
  ...forwardVariants,
  ...inputGradientVariants,
  { name: 'pointwiseGradient-2x2', pass: 'pointwiseGradient', tile, accepts: () => true },
  ...spatialGradientVariants,
];

/** The first of a list that accepts a plan; every list ends with one that accepts all. */
export function choose<V extends KernelVariant>(list: readonly V[], plan: HetConvPlan): V {
  const found = list.find((variant) => variant.accepts(plan));
  if (found === undefined) throw new Error('The last variant of a list accepts every plan.');
  return found;
}
