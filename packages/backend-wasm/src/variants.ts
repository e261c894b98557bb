/** The one list of variants that registration, conformance and benchmarks enumerate. */
import type { HetConvPlan, KernelVariant } from '@hetconv/core';
import type { Load } from './emit/sum-kernel.ts';
import type { InstructionSet } from './host/instruction-set.ts';
import { loadOf } from './lower/quads.ts';
import { TILE_ROWS } from './sum-pass.ts';

const LOADS: readonly Load[] = ['splat', 'pair', 'quad'];
const TILE_CHANNELS = 8;

/** `forward-6x8-quad-relaxedsimd`: pass, tile (pixels x channels), how the ring reads its sources, instruction set. */
export function variantsOf(instructionSet: InstructionSet): KernelVariant[] {
  const positions = TILE_ROWS[instructionSet];
  const name = (pass: string, load: Load): string => `${pass}-${positions}x${TILE_CHANNELS}-${load}-${instructionSet}`;
  const tile = { positions, channels: TILE_CHANNELS };
  const variants = LOADS.flatMap((load): KernelVariant[] => [
    {
      name: name('forward', load),
      pass: 'forward',
      tile,
      accepts: (plan: HetConvPlan) => loadOf(plan.inChannels, plan.part) === load,
    },
    {
      name: name('inputGradient', load),
      pass: 'inputGradient',
      tile,
      accepts: (plan: HetConvPlan) => loadOf(plan.outChannels, plan.part) === load,
    },
    {
      name: name('spatialGradient', load),
      pass: 'spatialGradient',
      tile,
      accepts: (plan: HetConvPlan) => loadOf(plan.inChannels, plan.part) === load,
    },
  ]);
  const pointwise: KernelVariant = {
    name: name('pointwiseGradient', 'splat'),
    pass: 'pointwiseGradient',
    tile,
    accepts: () => true,
  };
  return [...variants, pointwise];
}
