import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  blockToCyclicOrder,
  connectionCount,
  createRandom,
  cyclicToBlockOrder,
  errorBound,
  errorRatio,
  fans,
  filterWeightCount,
  HE_NORMAL,
  HE_UNIFORM,
  hetConvMacs,
  initializeHetConv,
  macRatio,
  paperHetConvFlops,
  paperMillions,
  planHetConv,
  referenceForward,
  residueDepth,
  spatialEntryExists,
  standardMacs,
  UNIT_ROUNDOFF,
  type WeightLayout,
  weightCount,
} from '../src/index.ts';

const layouts = fc
  .record({
    kernelHeight: fc.integer({ min: 1, max: 5 }),
    kernelWidth: fc.integer({ min: 1, max: 5 }),
    inChannels: fc.integer({ min: 1, max: 20 }),
    outChannels: fc.integer({ min: 1, max: 20 }),
    part: fc.integer({ min: 1, max: 20 }),
  })
  .filter(({ part, inChannels }) => part <= inChannels);

/** Counted from the definition, pair by pair. */
function countWeights(layout: WeightLayout): number {
  let count = 0;
  for (let m = 0; m < layout.inChannels; m++) {
    for (let n = 0; n < layout.outChannels; n++) {
      count += m % layout.part === n % layout.part ? layout.kernelHeight * layout.kernelWidth : 1;
    }
  }
  return count;
}

describe('weights and costs', () => {
  it('count every weight once, also where P divides neither M nor N', () => {
    fc.assert(
      fc.property(layouts, (layout) => {
        const expected = countWeights(layout);
        expect(weightCount(layout)).toBe(expected);
        let byFilter = 0;
        for (let n = 0; n < layout.outChannels; n++) byFilter += filterWeightCount(layout, n);
        expect(byFilter).toBe(expected);
        expect(hetConvMacs({ ...layout, outHeight: 3, outWidth: 5 })).toBe(15 * expected);
        expect(fans(layout).fanIn).toBeCloseTo(expected / layout.outChannels, 12);
      }),
    );
  });

  it('are as many as the products of the reference at an interior pixel', () => {
    fc.assert(
      fc.property(layouts, (layout) => {
        const { kernelHeight, kernelWidth, inChannels, outChannels, part } = layout;
        const plan = planHetConv({
          inputShape: [1, kernelHeight, kernelWidth, inChannels],
          outChannels,
          part,
          kernelSize: [kernelHeight, kernelWidth],
          pad: 'valid',
        });
        const ones = new Float32Array(400 * 25).fill(1);
        const { terms } = referenceForward(plan, ones, ones, ones);
        expect(Array.from(terms)).toEqual(Array.from({ length: outChannels }, (_, n) => filterWeightCount(layout, n)));
      }),
      { numRuns: 40 },
    );
  });

  it('give the ratio (P + 8) / 9P of a 3x3 kernel', () => {
    for (const part of [1, 2, 4, 8, 16, 64, 256]) {
      const layout = { kernelHeight: 3, kernelWidth: 3, inChannels: 256, outChannels: 256, part };
      expect(macRatio(layout)).toBeCloseTo((9 * part) / (part + 8), 12);
      const layer = { ...layout, outHeight: 16, outWidth: 16 };
      expect(hetConvMacs(layer)).toBe(standardMacs(layer) / macRatio(layout));
    }
  });

  it('reproduce one layer of the published column', () => {
    const layer = {
      kernelHeight: 3,
      kernelWidth: 3,
      inChannels: 64,
      outChannels: 64,
      part: 4,
      outHeight: 32,
      outWidth: 32,
    };
    expect(paperHetConvFlops(layer)).toBeCloseTo((32 * 32 * 64 * (9 * 64 + 1)) / 3, 3);
    expect(paperMillions(105_980_000)).toBe(105.98);
    expect(paperMillions(105_989_999)).toBe(105.98);
  });
});

describe('channels', () => {
  it('fall into residues', () => {
    fc.assert(
      fc.property(layouts, ({ inChannels, outChannels, part }) => {
        const depths = Array.from({ length: part }, (_, residue) => residueDepth(inChannels, part, residue));
        expect(depths.reduce((sum, depth) => sum + depth, 0)).toBe(inChannels);
        let pairs = 0;
        for (let m = 0; m < inChannels; m++)
          for (let n = 0; n < outChannels; n++) pairs += Number(m % part === n % part);
        expect(connectionCount(inChannels, outChannels, part)).toBe(pairs);
      }),
    );
  });

  it('go from block to cyclic order and back', () => {
    expect(blockToCyclicOrder(6, 2)).toEqual([0, 3, 1, 4, 2, 5]);
    for (const [channels, part] of [
      [12, 3],
      [8, 8],
      [5, 1],
    ]) {
      const there = blockToCyclicOrder(channels, part);
      expect(cyclicToBlockOrder(channels, part).map((c) => there[c])).toEqual([...Array(channels).keys()]);
      for (const [c, block] of there.entries()) expect(Math.floor(block / (channels / part))).toBe(c % part);
    }
  });
});

describe('random numbers and initial weights', () => {
  it('are the same bits everywhere: the first draws of a seed', () => {
    const random = createRandom('hetconv');
    expect([random.uint32(), random.uint32(), random.uint32()]).toMatchInlineSnapshot(`
      [
        1839229667,
        3953340778,
        1860600019,
      ]
    `);
    expect(createRandom(7).uint32()).toBe(createRandom('7').uint32());
    expect(createRandom(7).uint32()).not.toBe(createRandom(8).uint32());
  });

  it.each([HE_UNIFORM, HE_NORMAL])('keep the variance scale / fan-in of real weights: $distribution', (scheme) => {
    const layout = { kernelHeight: 3, kernelWidth: 3, inChannels: 61, outChannels: 80, part: 4 };
    const { pointwise, spatial } = initializeHetConv(layout, scheme, 1);
    const real = Array.from(spatial).filter((_, i) => spatialEntryExists(layout, Math.floor(i / 80) % 16, i % 80));
    expect(real.length + pointwise.length).toBe(weightCount(layout));
    expect(spatial.length - real.length).toBe(Array.from(spatial).filter((value) => value === 0).length);
    const values = [...pointwise, ...real];
    const variance = values.reduce((sum, value) => sum + value * value, 0) / values.length;
    // 2 within four standard errors of a sample variance
    expect(Math.abs(variance * fans(layout).fanIn - 2)).toBeLessThan(4 * 2 * Math.sqrt(2 / values.length));
  });
});

it('the error bound admits rounding and catches a dropped tap', () => {
  const random = createRandom('bound');
  const [n, worst] = [576, { ratio: 0 }];
  for (let trial = 0; trial < 200; trial++) {
    let [exact, magnitude, single, dropped] = [0, 0, 0, 0];
    for (let i = 0; i < n; i++) {
      const product = Math.fround(random.uniform() - 0.5) * Math.fround(random.uniform() - 0.5);
      exact += product;
      magnitude += Math.abs(product);
      single = Math.fround(single + Math.fround(product));
      if (i === 0) dropped = product;
    }
    expect(Math.abs(single - exact)).toBeLessThanOrEqual(errorBound(n, magnitude));
    worst.ratio = Math.max(worst.ratio, errorRatio(Math.abs(single - exact), magnitude));
    if (Math.abs(dropped) > 0.01) expect(Math.abs(dropped)).toBeGreaterThan(errorBound(n, magnitude));
  }
  expect(worst.ratio).toBeLessThan(8);
  expect(errorBound(0, 0, 3)).toBeGreaterThanOrEqual(3 * UNIT_ROUNDOFF);
});
