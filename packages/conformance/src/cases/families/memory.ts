/** What a backend keeps: repeated calls leave memory flat, and no result is that of other weights or of another layer. */
import type { PlanRequest } from '@hetconv/core';
import type { CasePass, CaseSet, MemoryCase, SharingCase } from '../case.ts';
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

/** Some 200 kB of weights: what is not given back soon shows in the size of a heap. */
const HEAVY: PlanRequest = { inputShape: [1, 2, 2, 128], outChannels: 128, part: 4, kernelSize: 3, pad: 'same' };

/** A second layer for the weights of the first, by what differs. */
const OTHERS: Readonly<Record<string, Partial<PlanRequest>>> = {
  size: { inputShape: [1, 7, 5, 8] },
  batch: { inputShape: [3, 5, 4, 8] },
  strides: { strides: 2 },
  dilations: { dilations: 2 },
  pad: { pad: 'valid' },
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

export function memoryCases(seed: number, set: CaseSet): (MemoryCase | SharingCase)[] {
  const one = (name: string, passes: readonly CasePass[], request: PlanRequest, repeats: number): MemoryCase => {
    const id = `memory/${name}-x${repeats}/${requestId(request)}`;
    return { kind: 'memory', id, family: 'memory', seed, passes, request, repeats };
  };
  return [
    ...PASSES.flatMap(([name, passes]) => [PADDED, STRIDED].map((request) => one(name, passes, request, REPEATS))),
    one('heavy', ['forward', 'inputGradient'], HEAVY, 100),
    ...SOAKS[set].flatMap((repeats) => PASSES.map(([name, passes]) => one(name, passes, PADDED, repeats))),
    ...sharingCases(seed),
  ];
}

function sharingCases(seed: number): SharingCase[] {
  return (['forward', 'inputGradient'] as const).flatMap((pass) => {
    const one = (name: string, shared: SharingCase['shared'], other?: Partial<PlanRequest>): SharingCase => ({
      kind: 'sharing',
      id: `memory/shared-${name}/${pass}/${requestId(PADDED)}`,
      family: 'memory',
      seed,
      pass,
      shared,
      request: PADDED,
      ...(other === undefined ? {} : { other: { ...PADDED, ...other } }),
    });
    return [
      one('pointwise', ['pointwise']),
      one('spatial', ['spatial']),
      ...Object.entries(OTHERS).map(([name, other]) => one(`weights-other-${name}`, ['pointwise', 'spatial'], other)),
    ];
  });
}
