import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { median, medianAbsoluteDeviation, medianRatio } from '../src/index.ts';

describe('median and its deviation', () => {
  it('have their textbook values', () => {
    expect(median([3, 1, 2])).toBe(2);
    expect(median([4, 1, 3, 2])).toBe(2.5);
    expect(medianAbsoluteDeviation([1, 1, 2, 2, 4, 6, 9])).toBe(1);
    expect(() => median([])).toThrow(RangeError);
  });

  it('do not depend on the order and lie among the samples', () => {
    const series = fc.array(fc.integer({ min: 1, max: 1000 }), { minLength: 1, maxLength: 30 });
    fc.assert(
      fc.property(series, (samples) => {
        expect(median(samples.toReversed())).toBe(median(samples));
        expect(median(samples)).toBeGreaterThanOrEqual(Math.min(...samples));
        expect(median(samples)).toBeLessThanOrEqual(Math.max(...samples));
      }),
    );
  });
});

describe('the ratio of medians', () => {
  it('lies in its interval, which is a point for constant series and the same for the same samples', () => {
    expect(medianRatio([6, 6, 6], [2, 2, 2])).toEqual({ value: 3, low: 3, high: 3 });
    const slow = [10, 12, 11, 10, 30, 11, 12, 10, 11];
    const fast = [5, 5, 6, 5, 5, 9, 5, 6, 5];
    const ratio = medianRatio(slow, fast);
    expect(ratio.value).toBe(11 / 5);
    expect(ratio.low).toBeLessThanOrEqual(ratio.value);
    expect(ratio.high).toBeGreaterThanOrEqual(ratio.value);
    expect(medianRatio(slow, fast)).toEqual(ratio);
    expect(() => medianRatio([1], [1, 2])).toThrow(/1 samples beside 2/);
  });

  it('covers the true ratio of noisy series about as often as it says', () => {
    // A small linear congruential generator, apart from the one that draws the bootstrap.
    let state = 1;
    const noise = (): number => {
      state = (state * 48271) % 2147483647;
      return state / 2147483647;
    };
    let covered = 0;
    for (let trial = 0; trial < 100; trial++) {
      const slow = Array.from({ length: 25 }, () => 20 + 2 * (noise() - 0.5));
      const fast = Array.from({ length: 25 }, () => 5 + 0.5 * (noise() - 0.5));
      const { low, high } = medianRatio(slow, fast);
      if (low <= 4 && 4 <= high) covered++;
    }
    expect(covered).toBeGreaterThanOrEqual(88);
  });
});
