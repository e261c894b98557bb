/** Cases are data: addressable, JSON, the same from the same seed. */
import { createRandom, planHetConv } from '@hetconv/core';
import { buildCases, FAMILIES, type NamedLayer, type PassCase } from '@hetconv/conformance';
import { describe, expect, it } from 'vitest';
import { casesOfId } from '../src/cases/address.ts';
import { requestId, requestOf } from '../src/cases/request-id.ts';
import { spreadSample } from '../src/cases/spread-sample.ts';
import { drawValues } from '../src/oracle/values.ts';
import { ORACLE } from './support/oracle-backend.ts';

const LAYERS: readonly NamedLayer[] = [1, 4, 16].map((part) => ({
  name: `net/conv/p${part}`,
  request: { inputShape: [1, 8, 8, 16], outChannels: 16, part, kernelSize: 3, strides: 1, dilations: 1, pad: 'same' },
}));

const HUGE: NamedLayer = {
  name: 'huge',
  request: {
    inputShape: [1, 112, 112, 64],
    outChannels: 64,
    part: 4,
    kernelSize: 3,
    strides: 1,
    dilations: 1,
    pad: 'same',
  },
};

const cases = buildCases({ kernels: ORACLE, layers: LAYERS });
const fullCases = buildCases({ kernels: ORACLE, layers: [...LAYERS, HUGE], set: 'full' });

describe('buildCases', () => {
  it('gives every case an address of its own', () => {
    const ids = cases.map(({ id }) => id);
    expect(new Set(ids).size).toBe(ids.length);
    for (const { id, family } of cases) expect(id.startsWith(`${family}/`)).toBe(true);
  });

  it('gives JSON: nothing is lost on the way', () => {
    expect(JSON.parse(JSON.stringify(cases))).toEqual(cases);
  });

  it('fills every family but the one that is drawn as it runs', () => {
    for (const family of FAMILIES.filter((name) => name !== 'random')) {
      expect(buildCases({ families: [family], kernels: ORACLE, layers: LAYERS }).length).toBeGreaterThan(5);
    }
  });

  it('names at least 30 bad inputs, each with the argument at fault', () => {
    const errors = cases.filter((test) => test.kind === 'error');
    expect(errors.length).toBeGreaterThanOrEqual(30);
    for (const { expect: expected } of errors) expect(expected.argument).toBeTruthy();
  });

  it('is the same for the same seed, and other numbers for another', () => {
    const [first, same, other] = [3, 3, 4].map((seed) => buildCases({ seed, families: ['channels'] }));
    expect(same).toEqual(first);
    expect(other.map(({ id }) => id)).toEqual(first.map(({ id }) => id));
    expect(numbers(same[20] as PassCase)).toEqual(numbers(first[20] as PassCase));
    expect(numbers(other[20] as PassCase)).not.toEqual(numbers(first[20] as PassCase));
  });

  it('meets every kernel size, stride, dilation, P and batch that the specification speaks of', () => {
    const plans = cases.flatMap((test) => ('request' in test ? [planHetConv(test.request)] : []));
    const seen = <T>(of: (plan: (typeof plans)[number]) => T): Set<T> => new Set(plans.map(of));
    expect([...seen((plan) => plan.kernelHeight)]).toEqual(expect.arrayContaining([1, 2, 3, 5, 7]));
    expect([...seen((plan) => plan.strideHeight)]).toEqual(expect.arrayContaining([1, 2, 3]));
    expect([...seen((plan) => plan.dilationWidth)]).toEqual(expect.arrayContaining([1, 2]));
    expect([...seen((plan) => plan.part)]).toEqual(expect.arrayContaining([1, 2, 3, 4, 5, 8]));
    expect([...seen((plan) => plan.batch)]).toEqual(expect.arrayContaining([0, 1, 3]));
    expect(plans.some((plan) => plan.part === plan.inChannels && plan.part > 8)).toBe(true);
    expect(plans.some((plan) => plan.kernelHeight > plan.inHeight)).toBe(true);
    expect(plans.some((plan) => plan.inChannels % plan.part > 0 && plan.outChannels % plan.part > 0)).toBe(true);
    expect(plans.some((plan) => plan.outChannels < plan.part)).toBe(true);
    for (const parity of [0, 1]) {
      expect(cases.some((test) => 'request' in test && isHalved(test.request.inputShape[1] % 2 === parity, test))).toBe(
        true,
      );
    }
  });

  it('sweeps around the tile of every variant that has one', () => {
    for (const { name, tile } of ORACLE.variants) {
      const swept = cases.filter((test): test is PassCase => test.kind === 'pass' && test.variant === name);
      const widths = new Set(swept.map(({ request }) => request.inputShape[2]));
      const { positions = 0 } = tile ?? {};
      expect([...widths]).toEqual(expect.arrayContaining([positions - 1, positions, positions + 1, 2 * positions + 1]));
    }
  });

  it('has the ci set within the full one, and thousands of small layers', () => {
    const full = new Map(fullCases.map((test) => [test.id, test]));
    for (const test of cases) expect(full.get(test.id)).toEqual(test);
    expect(full.size).toBe(fullCases.length);
    expect(cases.filter(({ family }) => family === 'exhaustive')).toHaveLength(400);
    expect(fullCases.filter(({ family }) => family === 'exhaustive').length).toBeGreaterThan(20_000);
  });

  it('leaves layers to the full set that are too large for the ci set', () => {
    const options = { families: ['layers'], layers: [...LAYERS, HUGE] } as const;
    expect(buildCases(options)).toHaveLength(6);
    expect(buildCases({ ...options, set: 'full' })).toHaveLength(8);
  });

  it('finds a case by its id, of either set and without the list that a layer was in', () => {
    const families = FAMILIES.filter((family) => family !== 'random');
    for (const family of families) {
      const [test] = spreadSample(
        fullCases.filter((one) => one.family === family),
        1,
        1,
      );
      const layers = family === 'layers' ? [] : LAYERS;
      expect(casesOfId(test.id, { seed: 1, kernels: ORACLE, layers })).toEqual([test]);
    }
    expect(casesOfId('exhaustive/none', {})).toEqual([]);
    expect(casesOfId('layers/net/none', {})).toEqual([]);
    expect(casesOfId('none', {})).toEqual([]);
  });

  it('spells a request so that it can be read', () => {
    for (const test of cases) {
      if (!('request' in test)) continue;
      const found = requestOf(test.id);
      expect(found && requestId(found)).toBe(requestId(test.request));
      expect(found && planHetConv(found)).toEqual(planHetConv(test.request));
    }
  });

  it.each([
    ['set', { set: 'all' as 'full' }],
    ['families', { families: ['geometri' as 'geometry'] }],
    ['seed', { seed: 0.5 }],
  ])('refuses bad %s', (argument, options) => {
    expect(() => buildCases(options)).toThrow(expect.objectContaining({ code: 'invalid-argument', argument }));
  });
});

describe('spreadSample', () => {
  it('takes every part of a list, and no period of it alone', () => {
    const list = Array.from({ length: 1200 }, (_, i) => i);
    const taken = spreadSample(list, 100, 1);
    expect(new Set(taken).size).toBe(100);
    expect(taken).toEqual(taken.toSorted((a, b) => a - b));
    for (const period of [2, 3, 4, 10]) expect(new Set(taken.map((at) => at % period)).size).toBe(period);
    const gaps = taken.slice(1).map((at, i) => at - taken[i]);
    expect(Math.max(...gaps)).toBeLessThanOrEqual(2 * 12);
    expect(spreadSample(list, 100, 2)).not.toEqual(taken);
    expect(spreadSample(list, 5000, 1)).toEqual(list);
  });
});

describe('drawValues', () => {
  it('keeps integer sums below 2^24: exact in float32 in any order', () => {
    for (const test of cases) {
      if (test.kind !== 'pass' || test.style === 'normal' || test.special !== undefined) continue;
      const plan = planHetConv(test.request);
      const { x, spatial } = drawValues(test, plan);
      const positions = plan.batch * Math.max(plan.outHeight * plan.outWidth, plan.inHeight * plan.inWidth);
      const products = Math.max(
        plan.kernelHeight * plan.kernelWidth * Math.max(plan.inChannels, plan.outChannels),
        positions,
      );
      const largest = x.data.reduce((most, value) => Math.max(most, Math.abs(value)), 0);
      expect(products * largest * largest).toBeLessThan(2 ** 24);
      expect(spatial.data.every((value) => Number.isInteger(value))).toBe(true);
    }
  });

  it('does not depend on a platform', () => {
    expect(createRandom('1/geometry').uint32()).toBe(createRandom('1/geometry').uint32());
    const [test] = cases as PassCase[];
    expect(numbers(test).slice(0, 4)).toMatchInlineSnapshot(`
      [
        9,
        9,
        -8,
        -6,
      ]
    `);
  });
});

function numbers(test: PassCase): number[] {
  return [...drawValues(test, planHetConv(test.request)).x.data];
}

function isHalved(parity: boolean, test: (typeof cases)[number]): boolean {
  return parity && 'request' in test && test.request.strides === 2 && test.request.pad === 'same';
}
