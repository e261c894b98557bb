/** Cases are data: addressable, JSON, the same from the same seed. */
import { createRandom, planHetConv } from '@hetconv/core';
import { buildCases, FAMILIES, type PassCase } from '@hetconv/conformance';
import { describe, expect, it } from 'vitest';
import { drawValues } from '../src/oracle/values.ts';
import { ORACLE } from './support/oracle-backend.ts';

const cases = buildCases({ kernels: ORACLE });

describe('buildCases', () => {
  it('gives every case an address of its own', () => {
    const ids = cases.map(({ id }) => id);
    expect(new Set(ids).size).toBe(ids.length);
    for (const { id, family } of cases) expect(id.startsWith(`${family}/`)).toBe(true);
  });

  it('gives JSON: nothing is lost on the way', () => {
    expect(JSON.parse(JSON.stringify(cases))).toEqual(cases);
  });

  it('fills every family', () => {
    for (const family of FAMILIES) {
      expect(buildCases({ families: [family], kernels: ORACLE }).length).toBeGreaterThan(5);
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

  it.each([
    ['families', { families: ['geometri' as 'geometry'] }],
    ['seed', { seed: 0.5 }],
  ])('refuses bad %s', (argument, options) => {
    expect(() => buildCases(options)).toThrow(expect.objectContaining({ code: 'invalid-argument', argument }));
  });
});

describe('drawValues', () => {
  it('keeps integer sums below 2^24: exact in float32 in any order', () => {
    for (const test of cases) {
      if (test.kind !== 'pass' || test.style === 'normal') continue;
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
