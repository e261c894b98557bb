/** Medians, spread, and an interval for the ratio of two medians. Robust figures: a busy machine has outliers. */
import { createRandom } from '@hetconv/core';

/** @throws RangeError for no samples */
export function median(samples: readonly number[]): number {
  if (samples.length === 0) throw new RangeError('median: needs at least one sample');
  const sorted = samples.toSorted((a, b) => a - b);
  const middle = sorted.length >> 1;
  return sorted.length % 2 === 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2;
}

/** Median absolute deviation from the median. */
export function medianAbsoluteDeviation(samples: readonly number[]): number {
  const center = median(samples);
  return median(samples.map((sample) => Math.abs(sample - center)));
}

/** How many times faster the second series is, with its 95 % interval. */
export interface Ratio {
  readonly value: number;
  readonly low: number;
  readonly high: number;
}

const RESAMPLES = 2000;

/**
 * median(slow) / median(fast), with the percentile bootstrap interval (Efron & Tibshirani 1993, chapter 13). Rounds are
 * drawn as pairs, since both contenders ran next to each other in a round and shared its disturbances. Seeded: the same samples give
 * the same interval.
 *
 * @throws RangeError for series of different or no length
 */
export function medianRatio(slow: readonly number[], fast: readonly number[]): Ratio {
  if (slow.length !== fast.length) throw new RangeError(`medianRatio: ${slow.length} samples beside ${fast.length}`);
  const value = median(slow) / median(fast);
  const random = createRandom('bootstrap');
  const ratios = Array.from({ length: RESAMPLES }, () => {
    const rounds = Array.from(slow, () => random.integer(0, slow.length - 1));
    return median(rounds.map((round) => slow[round])) / median(rounds.map((round) => fast[round]));
  }).toSorted((a, b) => a - b);
  const at = (quantile: number): number => ratios[Math.round(quantile * (RESAMPLES - 1))];
  return { value, low: at(0.025), high: at(0.975) };
}
