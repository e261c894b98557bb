/** The builder: families and a seed in, cases out. The same call gives the same cases everywhere. */
import { type HetConvKernels, InvalidArgumentError } from '@hetconv/core';
import { type ConformanceCase, FAMILIES, type Family } from './case.ts';
import { channelCases } from './families/channels.ts';
import { errorCases } from './families/errors.ts';
import { formatCases } from './families/format.ts';
import { fusedCases } from './families/fused.ts';
import { geometryCases } from './families/geometry.ts';
import { adjointCases, gradientCases } from './families/gradients.ts';
import { identityCases } from './families/identities.ts';
import { memoryCases } from './families/memory.ts';
import { specialCases } from './families/special.ts';
import { tileCases } from './families/tiles.ts';

export const DEFAULT_SEED = 1;

export interface BuildOptions {
  /** Default 1. */
  readonly seed?: number;
  /** Default: all. */
  readonly families?: readonly Family[];
  /** Whose tiles the family 'tiles' sweeps around; without kernels it is empty. */
  readonly kernels?: Pick<HetConvKernels, 'variants'>;
}

type Builder = (seed: number, kernels: Pick<HetConvKernels, 'variants'>) => readonly ConformanceCase[];

const BUILDERS: Readonly<Record<Family, Builder>> = {
  geometry: geometryCases,
  channels: channelCases,
  tiles: tileCases,
  fused: fusedCases,
  identities: identityCases,
  adjoint: adjointCases,
  gradients: gradientCases,
  special: specialCases,
  errors: errorCases,
  format: formatCases,
  memory: memoryCases,
};

/** @throws InvalidArgumentError for an unknown family or a seed that is no integer */
export function buildCases(options: BuildOptions = {}): ConformanceCase[] {
  const { seed = DEFAULT_SEED, families = FAMILIES, kernels = { variants: [] } } = options;
  if (!Number.isSafeInteger(seed)) throw new InvalidArgumentError('buildCases', 'seed', seed, 'an integer');
  const unknown = families.find((family) => !FAMILIES.includes(family));
  if (unknown !== undefined) {
    throw new InvalidArgumentError('buildCases', 'families', unknown, `a list of ${FAMILIES.join(', ')}`);
  }
  return FAMILIES.filter((family) => families.includes(family)).flatMap((family) => BUILDERS[family](seed, kernels));
}
