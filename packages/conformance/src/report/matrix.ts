/** The coverage matrix: families by backends and their variants. No cell is blank; each says what ran or why nothing did. */
import type { Family } from '../cases/case.ts';
import type { BackendReport, ConformanceReport, Counts } from './report.ts';

export interface MatrixColumn {
  readonly backend: string;
  /** Absent for the column of the whole backend. */
  readonly variant?: string;
}

export interface MatrixRow {
  readonly family: Family;
  /** One a column, never empty. */
  readonly cells: readonly string[];
}

export interface Matrix {
  readonly columns: readonly MatrixColumn[];
  readonly rows: readonly MatrixRow[];
}

export function matrix(report: ConformanceReport): Matrix {
  const columns = Object.entries(report.backends).flatMap(([backend, { variants }]): MatrixColumn[] => [
    { backend },
    ...Object.keys(variants).map((variant) => ({ backend, variant })),
  ]);
  const rows = report.families.map((family) => ({
    family,
    cells: columns.map(({ backend, variant }) => {
      const tested = report.backends[backend];
      return variant === undefined ? backendCell(tested, family) : variantCell(tested, variant, family);
    }),
  }));
  return { columns, rows };
}

function backendCell(backend: BackendReport, family: Family): string {
  if (!backend.available) return `skipped: ${backend.reason}`;
  const counts = backend.families[family];
  if (counts !== undefined) return countsCell(counts, firstSkip(backend, family));
  return family === 'tiles' ? 'not applicable: no variant declares a tile' : 'not run: stopped before this family';
}

function variantCell(backend: BackendReport, variant: string, family: Family): string {
  const { pass, families } = backend.variants[variant];
  const counts = families[family];
  if (counts !== undefined) return countsCell(counts, firstSkip(backend, family));
  if (family === 'errors') return 'not applicable: refused before a kernel is chosen';
  if (family === 'tiles') return 'not applicable: the variant declares no tile';
  return `not applicable: no ${pass} of this family is served by this variant`;
}

function countsCell({ passed, failed, skipped, xfailed, worstRatio }: Counts, reason: string): string {
  const parts = [`${passed} passed`];
  if (failed > 0) parts.push(`${failed} failed`);
  if (xfailed > 0) parts.push(`${xfailed} known gaps`);
  if (passed > 0 && worstRatio > 0) parts.push(`r ${worstRatio.toFixed(1)}`);
  if (skipped > 0) parts.push(`${skipped} skipped: ${reason}`);
  return parts.join(', ');
}

function firstSkip({ skips }: BackendReport, family: Family): string {
  return skips.find(({ id }) => id.startsWith(`${family}/`))?.reason ?? 'see the report';
}
