/** What a sweep gives, as plain JSON: everything that its report says follows from it, and nothing in it names a machine's folders. */
import { InvalidArgumentError } from '@hetconv/core';
import type { LogEntry, Recipe } from '@hetconv/train';

/** Several networks trained in the same way, each with several seeds. */
export interface SweepResult {
  readonly format: typeof SWEEP_FORMAT;
  /** Of the experiment. */
  readonly name: string;
  readonly title: string;
  readonly data: {
    readonly name: string;
    /** Images, once a training has counted them. */
    readonly train?: number;
    readonly test?: number;
    readonly classes: number;
  };
  readonly recipe: Omit<Recipe, 'seed' | 'normalization'>;
  readonly seeds: readonly number[];
  readonly rows: readonly SweepRow[];
  /** Where latency was measured; undefined before it was. */
  readonly latencyEnvironment?: Readonly<Record<string, unknown>>;
}

/** One network. */
export interface SweepRow {
  readonly model: string;
  readonly kind: string;
  /** 'none' for a kind without P. */
  readonly part: number | string;
  /** Index of the row that it is compared with; null for that row itself, and where there is none. */
  readonly twin: number | null;
  /** Multiply-adds for one image, all layers. */
  readonly macs: number;
  readonly params: number;
  /** One for each seed, in the order of the seeds. */
  readonly runs: readonly SweepTraining[];
  readonly latency: readonly SweepLatency[];
}

/** One training. */
export interface SweepTraining {
  readonly seed: number;
  readonly status: 'done' | 'unfinished' | 'failed';
  /** Of a failure. */
  readonly reason?: string;
  /** Of the epochs that are done. */
  readonly log: readonly LogEntry[];
  /** Spent in all processes. */
  readonly seconds: number;
  readonly backend?: string;
  /** Where it was trained. */
  readonly environment?: Readonly<Record<string, unknown>>;
}

/** Prediction of one image, in milliseconds. */
export interface SweepLatency {
  readonly backend: string;
  readonly medianMs: number;
  /** Median absolute deviation. */
  readonly spreadMs: number;
}

/** Raised when older results can no longer be rendered. */
export const SWEEP_FORMAT = 'hetconv-sweep-1';

/** @throws InvalidArgumentError for anything but the result of a sweep */
export function parseSweepResult(value: unknown): SweepResult {
  const found = value as Partial<SweepResult> | null | undefined;
  if (found?.format === SWEEP_FORMAT && Array.isArray(found.rows) && Array.isArray(found.seeds))
    return found as SweepResult;
  throw new InvalidArgumentError('parseSweepResult', 'format', found?.format, `'${SWEEP_FORMAT}', with rows and seeds`);
}

/** Tells a row from the others of its table. */
export function rowLabel({ model, kind, part }: SweepRow, { rows }: SweepResult): string {
  const own = part === 'none' ? kind : `${kind} P=${part}`;
  return rows.every((row) => row.model === model) ? own : `${model}, ${own}`;
}

/** The trainings that are done, with the figures of their last epoch. */
export function finished({ runs }: SweepRow): { readonly run: SweepTraining; readonly last: LogEntry }[] {
  return runs.flatMap((run) => {
    const last = run.log.at(-1);
    return run.status === 'done' && last !== undefined ? [{ run, last }] : [];
  });
}
