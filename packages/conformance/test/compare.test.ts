/** The comparator and the bounds that it is given. */
import { errorBound, UNIT_ROUNDOFF } from '@hetconv/core';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { compare, Mismatch } from '../src/checks/compare.ts';
import { activate } from '../src/oracle/activations.ts';
import { type Expected, fromSums } from '../src/oracle/expected.ts';

function expected(values: readonly number[], magnitude = 1): Expected {
  return fromSums([values.length], {
    values: Float64Array.from(values),
    magnitudes: new Float64Array(values.length).fill(magnitude),
    terms: new Uint32Array(values.length).fill(10),
  });
}

describe('compare', () => {
  it('accepts what lies within the bound and reports the worst ratio', () => {
    expect(compare('y', [1, 2 + 3 * UNIT_ROUNDOFF], expected([1, 2]), false)).toBeCloseTo(3, 6);
  });

  it('refuses what lies beyond it, and says where', () => {
    const beyond = 2 + 1.01 * errorBound(10, 1);
    expect(() => compare('y', [1, beyond], expected([1, 2]), false)).toThrow(
      /y: 1 of 2 values are wrong; worst at \[1\]/,
    );
  });

  it('refuses any difference of integers', () => {
    expect(() => compare('y', [1, 2 + UNIT_ROUNDOFF], expected([1, 2]), true)).toThrow(Mismatch);
    expect(compare('y', [1, -0], expected([1, 0]), true)).toBe(0);
  });

  it.each([
    [Number.NaN, Infinity],
    [Infinity, Number.NaN],
    [Infinity, -Infinity],
    [3.5e38, Infinity],
    [Number.NaN, 0],
    [Infinity, 0],
  ])('refuses %f for %f', (actual, wanted) => {
    expect(() => compare('y', [actual], expected([wanted], Infinity), false)).toThrow(Mismatch);
    expect(() => compare('y', [actual], expected([wanted]), false)).toThrow(Mismatch);
  });

  it.each([Number.NaN, Infinity, -Infinity])('accepts %f for itself', (value) => {
    expect(compare('y', [value], expected([value], Infinity), false)).toBe(0);
  });

  it('refuses a result of another size', () => {
    expect(() => compare('y', [1], expected([1, 2]), false)).toThrow('1 values instead of 2');
  });
});

describe('float32 activations', () => {
  const f = Math.fround;
  /** Each step rounded to float32, as a kernel computes it. */
  const kernels = {
    sigmoid: (z: number) => f(1 / f(1 + f(Math.exp(-z)))),
    elu: (z: number) => (z < 0 ? f(f(Math.exp(z)) - 1) : z),
    leakyrelu: (z: number) => (z < 0 ? f(f(0.2) * z) : z),
    relu6: (z: number) => Math.min(6, Math.max(0, z)),
  } as const;

  it.each(Object.entries(kernels))('%s stays within its allowance', (name, kernel) => {
    const moderate = fc.float({ min: -80, max: 80, noNaN: true });
    fc.assert(
      fc.property(moderate, (z) => {
        const { value, allowance } = activate(name as keyof typeof kernels, z, 0, 0.2);
        expect(Math.abs(kernel(z) - value)).toBeLessThanOrEqual(allowance);
      }),
      { seed: 1, numRuns: 2000 },
    );
  });

  it.each(Object.entries(kernels))('%s passes an error on by no more than its slope', (name, kernel) => {
    const value = fc.float({ min: -10, max: 10, noNaN: true });
    const shift = fc.float({ min: f(-0.01), max: f(0.01), noNaN: true });
    fc.assert(
      fc.property(value, shift, (z, error) => {
        const shifted = f(z + error);
        const bound = Math.abs(shifted - z);
        const exact = activate(name as keyof typeof kernels, z, bound, 0.2);
        // Allowances vary with z; over this distance by a percent at most.
        const allowed = exact.slope * bound + 1.05 * exact.allowance;
        expect(Math.abs(kernel(shifted) - exact.value)).toBeLessThanOrEqual(allowed);
      }),
      { seed: 1, numRuns: 2000 },
    );
  });
});
