/** A benchmark's result as it is written to files, and the check of one that was read from a file. */
import { InvalidArgumentError } from '@hetconv/core';
import type { SpeedupFigures } from './blocks.ts';
import type { BenchComparison } from './compare.ts';
import type { LayerRow } from './layer.ts';
import type { LayerTotal } from './layer-totals.ts';
import type { ModelRow } from './model-request.ts';

/** What `hetconv bench --json` writes. */
export interface BenchResult<Row extends LayerRow | ModelRow = LayerRow | ModelRow> {
  /** Where it was measured: {@link environment}, and what the caller adds. */
  readonly environment: Readonly<Record<string, unknown>>;
  readonly rows: readonly Row[];
  /** The layers of HetConv networks in `rows`, one entry a network. */
  readonly perLayer?: readonly PerLayer[];
  /** With an earlier result. */
  readonly comparison?: BenchComparison;
}

/** The layers of a network, measured one by one. */
export interface PerLayer {
  /** P of the network, as in its row. */
  readonly part: number | string;
  readonly rows: readonly LayerRow[];
  readonly totals: readonly LayerTotal[];
  /** Layers that no row stands for, and why. */
  readonly left: readonly { readonly name: string; readonly reason: string }[];
}

/** What a comparison reads of a row; earlier versions wrote no `blockSpeedups`. */
export interface SavedRow extends Omit<SpeedupFigures, 'blockSpeedups' | 'rounds'> {
  readonly blockSpeedups?: readonly number[];
}

export function isModelRow(row: LayerRow | ModelRow): row is ModelRow {
  return 'model' in row;
}

/**
 * Checks what comparisons and reports rely on.
 *
 * @throws InvalidArgumentError naming the field
 */
export function parseBenchResult(value: unknown): BenchResult {
  check(isRecord(value), 'result', value, 'an object as `hetconv bench --json` writes it');
  const { environment, rows } = value as Record<string, unknown>;
  check(isRecord(environment), 'environment', environment, 'an object');
  check(Array.isArray(rows) && rows.length > 0, 'rows', rows, 'a list with at least one row');
  for (const [i, row] of (rows as unknown[]).entries()) {
    check(isRecord(row), `rows[${i}]`, row, 'an object');
    const fields = row as Record<string, unknown>;
    const isModel = 'model' in fields;
    const texts = isModel ? ['backend', 'model', 'kind'] : ['backend'];
    for (const name of texts) check(typeof fields[name] === 'string', `rows[${i}].${name}`, fields[name], 'a text');
    const sizes = isModel ? ['batch'] : ['height', 'width', 'in', 'out', 'kernel', 'stride', 'batch', 'part'];
    for (const name of [...sizes, 'macRatio', 'medianMs', 'speedup', 'speedupLow', 'speedupHigh'])
      check(isPositive(fields[name]), `rows[${i}].${name}`, fields[name], 'a positive number');
    const { blockSpeedups } = fields;
    const isList = blockSpeedups === undefined || (Array.isArray(blockSpeedups) && blockSpeedups.every(isPositive));
    check(isList, `rows[${i}].blockSpeedups`, blockSpeedups, 'a list of positive numbers');
  }
  return value as BenchResult;
}

function check(holds: boolean, field: string, got: unknown, rule: string): void {
  if (!holds) throw new InvalidArgumentError('benchmark result', field, got, rule);
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function isPositive(value: unknown): boolean {
  return typeof value === 'number' && value > 0 && Number.isFinite(value);
}
