/** Two results beside each other: which rows became faster or slower, and which differ by no more than runs do. */
import { InvalidArgumentError } from '@hetconv/core';
import { type EnvironmentDifference, environmentDifferences } from './environment-differences.ts';
import { changeOf, holm } from './change.ts';
import type { LayerRow } from './layer.ts';
import { describeLayer } from './layer-request.ts';
import type { ModelRow } from './model-request.ts';
import { type BenchResult, isModelRow } from './result.ts';

/** 'same': the difference is within what two runs differ by, or too small to matter. */
export type Verdict = 'faster' | 'slower' | 'same';

export interface RowChange {
  /** The row for a person: `wasm, 16x16x256 → 256, 3x3, P=4`. */
  readonly label: string;
  readonly backend: string;
  readonly verdict: Verdict;
  /** Speed-up now over speed-up then, and its 95 % interval. */
  readonly change: number;
  readonly changeLow: number;
  readonly changeHigh: number;
  /** Whether the interval holds 1: what two runs of the same thing should say in 95 of 100 rows. */
  readonly agrees: boolean;
  /** How likely a difference like this is where nothing changed, with Holm's correction for the number of rows. */
  readonly probability: number;
  readonly speedupBefore: number;
  readonly speedupAfter: number;
  readonly medianMsBefore: number;
  readonly medianMsAfter: number;
  /** The kernel variants, where another one ran. */
  readonly variantBefore?: string;
  readonly variantAfter?: string;
}

export interface BenchComparison {
  readonly rows: readonly RowChange[];
  /** Labels of rows that have no counterpart. */
  readonly onlyBefore: readonly string[];
  readonly onlyAfter: readonly string[];
  /** Facts that are not the same: figures then say little of the code. */
  readonly environment: readonly EnvironmentDifference[];
  /** The smallest change that counts, see {@link CompareOptions}. */
  readonly atLeast: number;
}

export interface CompareOptions {
  /** The smallest change of a speed-up that counts, as a factor; default 1.02: 2 % either way. */
  readonly atLeast?: number;
}

/** Rows are faster or slower where chance alone would show any such row in one comparison of twenty. */
const SIGNIFICANT = 0.05;

/**
 * Compares speed-ups, not times: each was measured beside the standard convolution of its own run, so that a slower machine slows both.
 * Rows belong together by backend, geometry (or network and kind), P and batch; the kernel variant may be another.
 *
 * @throws InvalidArgumentError where one has layers and the other networks
 */
export function compareResults(before: BenchResult, after: BenchResult, options: CompareOptions = {}): BenchComparison {
  const { atLeast = 1.02 } = options;
  if (!(atLeast >= 1)) throw new InvalidArgumentError('compareResults', 'atLeast', atLeast, 'a factor of at least 1');
  if (isModelRow(before.rows[0]) !== isModelRow(after.rows[0])) {
    const [is, was] = [after, before].map(({ rows }) => (isModelRow(rows[0]) ? 'networks' : 'layers'));
    throw new InvalidArgumentError('compareResults', 'before', `a result of ${was}`, `one of ${is}, like the new one`);
  }
  const known = new Map(before.rows.map((row) => [keyOf(row), row]));
  const pairs = after.rows.flatMap((row) => {
    const old = known.get(keyOf(row));
    return old === undefined ? [] : [{ before: old, after: row, change: changeOf(old, row) }];
  });
  const probabilities = holm(pairs.map(({ change }) => change.probability));
  const rows = pairs.map((pair, i): RowChange => {
    const { value, low, high } = pair.change;
    const isSure = probabilities[i] < SIGNIFICANT && Math.max(value, 1 / value) >= atLeast;
    return {
      label: labelOf(pair.after),
      backend: pair.after.backend,
      verdict: isSure ? (value > 1 ? 'faster' : 'slower') : 'same',
      change: value,
      changeLow: low,
      changeHigh: high,
      agrees: low <= 1 && 1 <= high,
      probability: probabilities[i],
      speedupBefore: pair.before.speedup,
      speedupAfter: pair.after.speedup,
      medianMsBefore: pair.before.medianMs,
      medianMsAfter: pair.after.medianMs,
      ...variants(pair.before, pair.after),
    };
  });
  return {
    rows,
    onlyBefore: missing(before, after),
    onlyAfter: missing(after, before),
    environment: environmentDifferences(before.environment, after.environment),
    atLeast,
  };
}

/** Labels of the rows that the other result has not. */
function missing(here: BenchResult, there: BenchResult): string[] {
  const keys = new Set(there.rows.map(keyOf));
  return here.rows.filter((row) => !keys.has(keyOf(row))).map(labelOf);
}

function keyOf(row: LayerRow | ModelRow): string {
  if (isModelRow(row)) return JSON.stringify([row.backend, row.model, row.kind, row.part, row.batch]);
  const { backend, height, width, in: inChannels, out, kernel, stride, batch, part } = row;
  return JSON.stringify([backend, height, width, inChannels, out, kernel, stride, batch, part]);
}

/** A row for a person, the backend included. */
export function labelOf(row: LayerRow | ModelRow): string {
  if (!isModelRow(row)) return `${row.backend}, ${describeLayer(row)}, P=${row.part}`;
  const part = row.part === 'none' ? '' : `, P=${row.part}`;
  return `${row.backend}, ${row.model} ${row.kind}${part}${row.batch === 1 ? '' : `, batch ${row.batch}`}`;
}

function variants(before: LayerRow | ModelRow, after: LayerRow | ModelRow): Partial<RowChange> {
  if (isModelRow(before) || isModelRow(after) || before.variant === after.variant) return {};
  return { variantBefore: before.variant, variantAfter: after.variant };
}
