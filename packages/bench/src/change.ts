/** How one speed-up differs from another of an earlier run, and how likely that is by chance. */
import type { SavedRow } from './result.ts';
import { logMean, type Ratio } from './statistics.ts';
import { studentQuantile, studentTail } from './student-t.ts';

export interface Change extends Ratio {
  /** Of a difference at least as large where nothing changed. */
  readonly probability: number;
}

/** An estimate of the logarithm of a speed-up. */
interface Estimate {
  readonly mean: number;
  readonly error: number;
  readonly freedom: number;
}

/** What is known from the interval alone counts as of so many blocks: normal to three digits. */
const MANY = 1000;

/** new / old by Welch's t (1947) over the logarithms of the blocks' speed-ups: two runs need not be equally noisy. */
export function changeOf(before: SavedRow, after: SavedRow): Change {
  const [a, b] = [estimateOf(before), estimateOf(after)];
  const difference = b.mean - a.mean;
  const [va, vb] = [a.error ** 2, b.error ** 2];
  const error = Math.sqrt(va + vb);
  const value = Math.exp(difference);
  if (error === 0) return { value, low: value, high: value, probability: difference === 0 ? 1 : 0 };
  const freedom = (va + vb) ** 2 / (va ** 2 / a.freedom + vb ** 2 / b.freedom);
  const half = error * studentQuantile(0.05, freedom);
  return {
    value,
    low: Math.exp(difference - half),
    high: Math.exp(difference + half),
    probability: studentTail(Math.abs(difference) / error, freedom),
  };
}

/** From the blocks, or from the interval where a file has no more. */
function estimateOf({ speedup, speedupLow, speedupHigh, blockSpeedups = [] }: SavedRow): Estimate {
  if (blockSpeedups.length >= 2) return { ...logMean(blockSpeedups), freedom: blockSpeedups.length - 1 };
  const error = Math.log(speedupHigh / speedupLow) / 2 / studentQuantile(0.05, MANY);
  return { mean: Math.log(speedup), error, freedom: MANY };
}

/**
 * Probabilities adjusted for how many there are (Holm 1979): among many rows one looks different by chance, and should not fail a
 * build.
 */
export function holm(probabilities: readonly number[]): number[] {
  const adjusted: number[] = [];
  let least = 0;
  const order = [...probabilities.keys()].toSorted((a, b) => probabilities[a] - probabilities[b]);
  for (const [rank, i] of order.entries()) {
    least = Math.max(least, Math.min(1, probabilities[i] * (probabilities.length - rank)));
    adjusted[i] = least;
  }
  return adjusted;
}
