/** The coverage matrix: families by backends, their variants and where they ran. No cell is blank; each says what ran or why nothing did. */
import type { Family } from '../cases/case.ts';
import { environmentName } from './environment-name.ts';
import type { BackendReport, ConformanceReport, Counts } from './report.ts';

export interface MatrixColumn {
  readonly backend: string;
  /** Absent for the column of the whole backend. */
  readonly variant?: string;
  /** `Node 24.21.0 on linux x64`. */
  readonly environment: string;
}

/**
 * What a cell came to. `gaps`: as expected, with failures that known gaps account for. `absent`: the variant or backend serves
 * nothing of this family. `missing`: it would, but nothing ran.
 */
export type CellState = 'passed' | 'failed' | 'gaps' | 'skipped' | 'absent' | 'missing';

/** A cell as data. */
export interface MatrixCell {
  readonly state: CellState;
  /** Where something ran. */
  readonly counts?: Counts;
  /** Why nothing, or not everything, ran. */
  readonly reason?: string;
}

export interface MatrixRow {
  readonly family: Family;
  /** One a column: text that is never empty. */
  readonly cells: readonly string[];
  /** The same as data. */
  readonly details: readonly MatrixCell[];
}

export interface Matrix {
  readonly columns: readonly MatrixColumn[];
  readonly rows: readonly MatrixRow[];
}

export function matrix(report: ConformanceReport): Matrix {
  const columns = Object.entries(report.backends).flatMap(([backend, tested]): MatrixColumn[] => {
    const environment = environmentName(tested.environment ?? report.environment);
    return [
      { backend, environment },
      ...Object.keys(tested.variants).map((variant) => ({ backend, variant, environment })),
    ];
  });
  const rows = report.families.map((family): MatrixRow => {
    const details = columns.map(({ backend, variant }) => {
      const tested = report.backends[backend];
      return variant === undefined ? backendCell(tested, family) : variantCell(tested, variant, family);
    });
    return { family, cells: details.map(textOf), details };
  });
  return { columns, rows };
}

function backendCell(backend: BackendReport, family: Family): MatrixCell {
  const { available, reason = 'not available', failed, families } = backend;
  if (!available) return { state: failed > 0 ? 'failed' : 'skipped', reason };
  const counts = families[family];
  if (counts !== undefined) return countsCell(counts, backend, family);
  const absent = backend.notApplicable?.[family];
  if (absent !== undefined) return { state: 'absent', reason: absent };
  return {
    state: 'missing',
    reason: failed > 0 ? 'not asked for, or the run stopped before it' : 'the run had no case of this family',
  };
}

function variantCell(backend: BackendReport, name: string, family: Family): MatrixCell {
  const { pass, families, failed } = backend.variants[name];
  const counts = families[family];
  if (counts !== undefined) return countsCell(counts, backend, family);
  if (Object.keys(families).length === 0) {
    if (failed > 0) return { state: 'failed', reason: 'declared, but no case has run it' };
    return { state: 'missing', reason: 'no case reached it' };
  }
  if (family === 'errors') return { state: 'absent', reason: 'refused before a kernel is chosen' };
  if (family === 'tiles') return { state: 'absent', reason: 'the variant declares no tile' };
  return { state: 'absent', reason: `no ${pass} of this family is served by this variant` };
}

function countsCell(counts: Counts, { skips }: BackendReport, family: Family): MatrixCell {
  const { passed, failed, skipped, xfailed } = counts;
  const state = failed > 0 ? 'failed' : xfailed > 0 ? 'gaps' : passed > 0 ? 'passed' : 'skipped';
  if (skipped === 0) return { state, counts };
  return { state, counts, reason: skips.find(({ id }) => id.startsWith(`${family}/`))?.reason ?? 'see the report' };
}

const WITHOUT_COUNTS: Readonly<Record<CellState, string>> = {
  passed: 'passed',
  failed: 'failed',
  gaps: 'known gaps',
  skipped: 'skipped',
  absent: 'not applicable',
  missing: 'not run',
};

function textOf({ state, counts, reason = '' }: MatrixCell): string {
  if (counts === undefined) return `${WITHOUT_COUNTS[state]}: ${reason}`;
  const { passed, failed, skipped, xfailed, worstRatio } = counts;
  const parts = [`${passed} passed`];
  if (failed > 0) parts.push(`${failed} failed`);
  if (xfailed > 0) parts.push(`${xfailed} known gaps`);
  if (passed > 0 && worstRatio > 0) parts.push(`r ${worstRatio.toFixed(1)}`);
  if (skipped > 0) parts.push(`${skipped} skipped: ${reason}`);
  return parts.join(', ');
}
