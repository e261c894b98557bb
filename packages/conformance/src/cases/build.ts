/** The builder: families, a set and a seed in, cases out. The same call gives the same cases everywhere. */
import { type HetConvKernels, InvalidArgumentError } from '@hetconv/core';
import { type CaseSet, type ConformanceCase, FAMILIES, type Family, SETS } from './case.ts';
import { channelCases } from './families/channels.ts';
import { errorCases } from './families/errors.ts';
import { exhaustiveCases } from './families/exhaustive.ts';
import { formatCases } from './families/format.ts';
import { fusedCases } from './families/fused.ts';
import { geometryCases } from './families/geometry.ts';
import { adjointCases, gradientCases } from './families/gradients.ts';
import { identityCases } from './families/identities.ts';
import { layerCases, type NamedLayer } from './families/layers.ts';
import { memoryCases } from './families/memory.ts';
import { metamorphicCases } from './families/metamorphic.ts';
import { resourceCases } from './families/resources.ts';
import { specialCases } from './families/special.ts';
import { tileCases } from './families/tiles.ts';

export const DEFAULT_SEED = 1;

export interface BuildOptions {
  /** Default 1. */
  readonly seed?: number;
  /** Default 'ci'. Every case of it is in 'full'. */
  readonly set?: CaseSet;
  /** Default: all. */
  readonly families?: readonly Family[];
  /** Whose tiles the family 'tiles' sweeps around; without kernels it is empty. */
  readonly kernels?: Pick<HetConvKernels, 'variants'>;
  /** The layers of the family 'layers'; without any it is empty. */
  readonly layers?: readonly NamedLayer[];
}

type Builder = (options: Required<BuildOptions>) => readonly ConformanceCase[];

/** Of the family 'random' there is no list: its cases are drawn while its time lasts, see `run/random.ts`. */
const BUILDERS: Readonly<Record<Exclude<Family, 'random'>, Builder>> = {
  geometry: ({ seed }) => geometryCases(seed),
  channels: ({ seed }) => channelCases(seed),
  exhaustive: ({ seed, set }) => exhaustiveCases(seed, set),
  tiles: ({ seed, kernels }) => tileCases(seed, kernels),
  layers: ({ seed, set, layers }) => layerCases(seed, set, layers),
  fused: ({ seed }) => fusedCases(seed),
  identities: ({ seed }) => identityCases(seed),
  metamorphic: ({ seed }) => metamorphicCases(seed),
  adjoint: ({ seed }) => adjointCases(seed),
  gradients: ({ seed }) => gradientCases(seed),
  special: ({ seed }) => specialCases(seed),
  errors: ({ seed }) => errorCases(seed),
  format: ({ seed }) => formatCases(seed),
  memory: ({ seed, set }) => memoryCases(seed, set),
  resources: ({ seed }) => resourceCases(seed),
};

/** @throws InvalidArgumentError for an unknown family or set, a seed that is no integer, or a layer that the specification refuses */
export function buildCases(options: BuildOptions = {}): ConformanceCase[] {
  const { seed = DEFAULT_SEED, set = 'ci', families = FAMILIES, kernels = { variants: [] }, layers = [] } = options;
  if (!Number.isSafeInteger(seed)) throw new InvalidArgumentError('buildCases', 'seed', seed, 'an integer');
  if (!SETS.includes(set)) throw new InvalidArgumentError('buildCases', 'set', set, `one of ${SETS.join(', ')}`);
  const unknown = families.find((family) => !FAMILIES.includes(family));
  if (unknown !== undefined) {
    throw new InvalidArgumentError('buildCases', 'families', unknown, `a list of ${FAMILIES.join(', ')}`);
  }
  const wanted = { seed, set, families, kernels, layers };
  return FAMILIES.flatMap((family) =>
    family === 'random' || !families.includes(family) ? [] : BUILDERS[family](wanted),
  );
}
