/** The numbers beside the lattice, against counting pair by pair. */
import { describe, expect, it } from 'vitest';
import { filterKernels, latticeCounts } from '../src/lattice/lattice.ts';

describe('the lattice', () => {
  it.each([
    { inChannels: 16, filters: 16, part: 4, kernel: 3, side: 16, filter: 1 },
    { inChannels: 10, filters: 7, part: 3, kernel: 5, side: 1, filter: 6 },
    { inChannels: 3, filters: 64, part: 3, kernel: 3, side: 32, filter: 63 },
    { inChannels: 5, filters: 4, part: 1, kernel: 1, side: 2, filter: 0 },
  ])('counts M=$inChannels, N=$filters, P=$part, K=$kernel', (settings) => {
    const { inChannels, filters, part, kernel, side, filter } = settings;
    let [weights, spatial] = [0, 0];
    const ofFilter: number[] = [];
    for (let n = 0; n < filters; n++) {
      for (let m = 0; m < inChannels; m++) {
        const isSpatial = m % part === n % part;
        weights += isSpatial ? kernel * kernel : 1;
        spatial += isSpatial ? 1 : 0;
        if (isSpatial && n === filter) ofFilter.push(m);
      }
    }
    const standard = kernel * kernel * inChannels * filters;
    expect(latticeCounts(settings)).toEqual({
      macs: side * side * weights,
      standardMacs: side * side * standard,
      parameters: weights,
      standardParameters: standard,
      ratio: standard / weights,
      kernels: inChannels * filters,
      spatialKernels: spatial,
    });
    expect(filterKernels(settings)).toEqual({
      listed: ofFilter.slice(0, 8),
      spatial: ofFilter.length,
      pointwise: inChannels - ofFilter.length,
    });
  });
});
