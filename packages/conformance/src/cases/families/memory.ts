/** Repeated calls: flat memory, fresh results. */
import type { PlanRequest } from '@hetconv/core';
import type { CasePass, CaseSet, MemoryCase } from '../case.ts';
import { requestId } from '../request-id.ts';

const PADDED: PlanRequest = { inputShape: [1, 5, 4, 8], outChannels: 8, part: 4, kernelSize: 3, pad: 'same' };
const STRIDED: PlanRequest = {
  inputShape: [2, 6, 5, 5],
  outChannels: 3,
  part: 2,
  kernelSize: 3,
  strides: 2,
  pad: 'same',
};

const PASSES: readonly (readonly [name: string, passes: readonly CasePass[]])[] = [
  ['forward', ['forward']],
  ['fused', ['fused']],
  ['training', ['fused', 'inputGradient', 'pointwiseGradient', 'spatialGradient', 'biasGradient']],
];

/** Enough for a leak of one tensor, or of one call in ten, to show. */
const REPEATS = 24;

/** Until a cache that is bounded late, or a pool that grows slowly, shows itself. */
const SOAKS: Readonly<Record<CaseSet, readonly number[]>> = { ci: [100], full: [100, 1000] };

export function memoryCases(seed: number, set: CaseSet): MemoryCase[] {
  const one = (name: string, passes: readonly CasePass[], request: PlanRequest, repeats: number): MemoryCase => {
    const id = `memory/${name}-x${repeats}/${requestId(request)}`;
    return { kind: 'memory', id, family: 'memory', seed, passes, request, repeats };
  };
  return [
    ...PASSES.flatMap(([name, passes]) => [PADDED, STRIDED].map((request) => one(name, passes, request, REPEATS))),
    ...SOAKS[set].flatMap((repeats) => PASSES.map(([name, passes]) => one(name, passes, PADDED, repeats))),
  ];
}
