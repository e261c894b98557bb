/** Means over seeds, and how sure a difference between two rows is. */
import { studentQuantile } from '@hetconv/bench';
import { finished, type SweepRow } from './result.ts';

export interface Spread {
  readonly n: number;
  readonly mean: number;
  /** Of the sample, over n - 1; undefined for one value. */
  readonly deviation: number | undefined;
  readonly min: number;
  readonly max: number;
}

/** Undefined of nothing. */
export function spreadOf(values: readonly number[]): Spread | undefined {
  const n = values.length;
  if (n === 0) return undefined;
  const mean = values.reduce((sum, value) => sum + value, 0) / n;
  const squares = values.reduce((sum, value) => sum + (value - mean) ** 2, 0);
  const deviation = n > 1 ? Math.sqrt(squares / (n - 1)) : undefined;
  return { n, mean, deviation, min: Math.min(...values), max: Math.max(...values) };
}

/** Test accuracy of a row minus that of its twin, in points (percent of the test images). */
export interface Difference {
  /** Seeds that both rows were trained with. */
  readonly n: number;
  readonly mean: number;
  /** The 95 % interval; undefined for fewer than 3 pairs. */
  readonly interval: { readonly low: number; readonly high: number } | undefined;
}

/**
 * Paired by seed: twins of one seed share the initial weights of their common layers, and the order and augmentation of the images. The
 * interval is Student's t over the differences of the pairs. It covers chance in training, not the choice of test images.
 */
export function differenceToTwin(row: SweepRow, twin: SweepRow): Difference | undefined {
  const others = new Map(finished(twin).map(({ run, last }) => [run.seed, last.testAccuracy]));
  const differences = finished(row).flatMap(({ run, last }) => {
    const other = others.get(run.seed);
    return other === undefined ? [] : [100 * (last.testAccuracy - other)];
  });
  const spread = spreadOf(differences);
  if (spread === undefined) return undefined;
  const { n, mean, deviation } = spread;
  if (n < 3 || deviation === undefined) return { n, mean, interval: undefined };
  const half = (studentQuantile(0.05, n - 1) * deviation) / Math.sqrt(n);
  return { n, mean, interval: { low: mean - half, high: mean + half } };
}

/** Less accurate: for sure at 95 %, or, where there is no interval, by the bare difference. Losses are never left to doubt. */
export function isLoss({ mean, interval }: Difference): boolean {
  return interval === undefined ? mean < 0 : interval.high < 0;
}

/** More accurate, for sure at 95 %. */
export function isGain({ interval }: Difference): boolean {
  return interval !== undefined && interval.low > 0;
}
