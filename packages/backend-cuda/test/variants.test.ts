/** Which variant is chosen, and that the choice is total: exactly one accepts a plan. */
import { planHetConv, type PlanRequest } from '@hetconv/core';
import { describe, expect, it } from 'vitest';
import { cudaKernels } from '../src/index.ts';

const layer = (size: number, channels: number, part: number, batch = 1): PlanRequest => ({
  inputShape: [batch, size, size, channels],
  outChannels: channels,
  part,
  kernelSize: 3,
  pad: 'same',
});

const chosen = (request: PlanRequest): string[] => {
  const plan = planHetConv(request);
  return cudaKernels.variants.filter((variant) => variant.accepts(plan)).map(({ name }) => name);
};

describe('variants', () => {
  it.each([
    [1, 'forward-128x128-residues'], // a tile is full of filters
    [2, 'forward-128x128-residues'],
    [4, 'forward-128x64-residues'], // a residue has 64 filters
    [8, 'forward-32x32-residues'],
    [64, 'forward-128x64-lanes'], // a residue has 4: a tile of them would be empty
    [256, 'forward-128x64-lanes'],
  ])('of a layer of 256 channels, P = %d', (part, forward) => {
    expect(chosen(layer(16, 256, part, 32))[0]).toBe(forward);
  });

  it('are four for every plan, one of each pass', () => {
    for (const size of [1, 5, 16]) {
      for (const channels of [3, 16, 64, 200]) {
        for (const part of new Set([1, 2, 3, channels])) {
          const names = chosen(layer(size, channels, part));
          expect(names.map((name) => name.split('-')[0])).toEqual([
            'forward',
            'inputGradient',
            'pointwiseGradient',
            'spatialGradient',
          ]);
        }
      }
    }
  });

  it('have names of their own', () => {
    const names = cudaKernels.variants.map(({ name }) => name);
    expect(new Set(names).size).toBe(names.length);
  });
});
