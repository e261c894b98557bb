/** Medians, spread, and the interval of a speed-up. Robust figures within a block: a busy machine has outliers. */
import { createRandom } from '@hetconv/core';
import { studentQuantile } from './student-t.ts';

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
 * median(slow) / median(fast) of one block, with the percentile bootstrap interval (Efron & Tibshirani 1993, chapter 13). Rounds are
 * drawn as pairs, since both contenders ran next to each other in a round and shared its disturbances. Seeded: the same samples give
 * the same interval. It says how sure the figure is for this block; another block, or run, lies outside far more often than 5 %:
 * see {@link meanRatio}.
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

/** The speed-up of one block: the median over rounds of slow / fast, so that what disturbed a round disturbed both sides. */
export function blockRatio(slow: readonly number[], fast: readonly number[]): number {
  if (slow.length !== fast.length) throw new RangeError(`blockRatio: ${slow.length} samples beside ${fast.length}`);
  return Math.exp(median(slow.map((sample, round) => Math.log(sample / fast[round]))));
}

/**
 * The geometric mean of the ratios of several blocks with its 95 % interval, Student's t over the blocks' logarithms: blocks are what
 * is independent, rounds within one are not (Georges, Buytaert & Eeckhout 2007; Kalibera & Jones 2013).
 *
 * @throws RangeError for fewer than 2 blocks
 */
export function meanRatio(ratios: readonly number[]): Ratio {
  const { mean, error } = logMean(ratios);
  const half = error * studentQuantile(0.05, ratios.length - 1);
  return { value: Math.exp(mean), low: Math.exp(mean - half), high: Math.exp(mean + half) };
}

/** Mean of the logarithms, and its standard error. @throws RangeError for fewer than 2 */
export function logMean(ratios: readonly number[]): { readonly mean: number; readonly error: number } {
  const count = ratios.length;
  if (count < 2) throw new RangeError(`logMean: needs at least 2 blocks, but there were ${count}`);
  const logs = ratios.map(Math.log);
  const mean = logs.reduce((sum, log) => sum + log, 0) / count;
  const squares = logs.reduce((sum, log) => sum + (log - mean) ** 2, 0);
  return { mean, error: Math.sqrt(squares / (count - 1) / count) };
}
