/** Repeated calls: flat memory, fresh results. */
import type { PlanRequest } from '@hetconv/core';
import type { CasePass, MemoryCase } from '../case.ts';
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

export function memoryCases(seed: number): MemoryCase[] {
  return PASSES.flatMap(([name, passes]) =>
    [PADDED, STRIDED].map((request): MemoryCase => {
      const id = `memory/${name}-x${REPEATS}/${requestId(request)}`;
      return { kind: 'memory', id, family: 'memory', seed, passes, request, repeats: REPEATS };
    }),
  );
}
