/** The coverage matrix as HTML tables: backends across, or the variants of one backend down. */
import type { CellState, Matrix, MatrixCell, MatrixColumn } from '@hetconv/conformance';
import { escapeHtml } from './page.ts';

/** Families down, backends across; what they ran in stands below their names. */
export function matrixTable({ columns, rows }: Matrix): string {
  const notes = new Notes();
  const shown = [...columns.keys()].filter((i) => columns[i].variant === undefined);
  const head = shown.map(
    (i) => `<th scope="col">${backendName(columns[i])}<small>${escapeHtml(columns[i].environment)}</small></th>`,
  );
  const body = rows.map(({ family, details }) => {
    const data = shown.map((i) => cell(details[i], notes));
    return `<tr><th scope="row">${family}</th>${data.join('')}</tr>`;
  });
  return table('Families by backends', `<th scope="col">family</th>${head.join('')}`, body, notes);
}

/** Variants down, families across: there are more variants than a page is wide. */
export function variantTable({ columns, rows }: Matrix, backend: string): string {
  const notes = new Notes();
  const shown = [...columns.keys()].filter((i) => columns[i].backend === backend && columns[i].variant !== undefined);
  const head = rows.map(({ family }) => `<th scope="col">${family}</th>`);
  const body = shown.map((i) => {
    const data = rows.map(({ details }) => cell(details[i], notes));
    return `<tr><th scope="row">${escapeHtml(columns[i].variant ?? '')}</th>${data.join('')}</tr>`;
  });
  return table(`Variants of ${backend} by families`, `<th scope="col">variant</th>${head.join('')}`, body, notes);
}

/** The name of a joined backend holds its environment, which stands below anyway. */
function backendName({ backend, environment }: MatrixColumn): string {
  return escapeHtml(backend.replace(` (${environment})`, ''));
}

function table(label: string, head: string, body: readonly string[], notes: Notes): string {
  return (
    `<div class="matrix" tabindex="0" role="region" aria-label="${escapeHtml(label)}"><table>` +
    `<thead><tr>${head}</tr></thead><tbody>\n${body.join('\n')}\n</tbody></table></div>${notes.list()}`
  );
}

/** What stands in a cell without counts; the reason is a note below the table. */
const WORDS: Readonly<Record<CellState, string>> = {
  passed: 'passed',
  failed: 'failed',
  gaps: 'gaps',
  skipped: 'skipped',
  absent: 'n/a',
  missing: 'not run',
};

function cell({ state, counts, reason }: MatrixCell, notes: Notes): string {
  const note = reason === undefined ? '' : notes.mark(reason);
  const shown = counts === undefined || state === 'skipped' ? `${WORDS[state]}${note}` : countsHtml(counts, note);
  return `<td class="${state}">${shown}</td>`;
}

function countsHtml(
  { passed, failed, skipped, xfailed, worstRatio }: NonNullable<MatrixCell['counts']>,
  note: string,
): string {
  const small = [
    ...(xfailed > 0 ? [`${number(xfailed)} gaps`] : []),
    ...(worstRatio > 0 ? [`r ${worstRatio.toFixed(1)}`] : []),
    ...(skipped > 0 ? [`${number(skipped)} skipped${note}`] : []),
  ];
  const large = failed > 0 ? `✗ ${number(failed)} of ${number(passed + failed)}` : number(passed);
  return small.length === 0 ? large : `${large}<small>${small.join(', ')}</small>`;
}

function number(count: number): string {
  return count.toLocaleString('en-US');
}

/** Footnotes: each sentence once. */
class Notes {
  readonly #texts: string[] = [];

  mark(text: string): string {
    if (!this.#texts.includes(text)) this.#texts.push(text);
    return `<sup>${this.#texts.indexOf(text) + 1}</sup>`;
  }

  list(): string {
    const items = this.#texts.map((text) => `<li>${escapeHtml(text)}</li>`);
    return items.length === 0 ? '' : `<ol class="notes">${items.join('')}</ol>`;
  }
}
