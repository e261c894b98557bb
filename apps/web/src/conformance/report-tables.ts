/** The finished matrix: a table of the backends, one of the variants for each of them, and the failures with their cases. */
import { type ConformanceReport, matrix, type MatrixColumn } from '@hetconv/conformance';
import { html, nothing, type TemplateResult } from 'lit-html';

export function reportTables(report: ConformanceReport): TemplateResult {
  const names = Object.keys(report.backends);
  return html`
    <p class=${report.ok ? 'verdict' : 'verdict loss'}>
      ${report.ok ? `All ${report.cases} cases hold on ${names.join(', ')}.` : report.problems.join('; ')}
    </p>
    ${table(report, 'Families by backends', ({ variant }) => variant === undefined, ({ backend }) => backend)}
    ${names.map((name) => backendDetails(report, name))}
  `;
}

function backendDetails(report: ConformanceReport, name: string): TemplateResult {
  const { variants, failures, passed, failed, skipped, xfailed, milliseconds, facts } = report.backends[name];
  const count = Object.keys(variants).length;
  return html`
    ${
      failures.length === 0
        ? nothing
        : html`<h2>${name}: failures</h2>
            <ul class="failures">
              ${failures.map(({ id, message }) => html`<li><code>${id}</code> ${message}</li>`)}
            </ul>`
    }
    <details>
      <summary>
        ${name}: ${passed} passed, ${failed} failed, ${skipped} skipped, ${xfailed} known gaps in
        ${(milliseconds / 1000).toFixed(1)} s; ${count} ${count === 1 ? 'variant' : 'variants'}
      </summary>
      <dl>
        ${Object.entries(facts).map(([fact, value]) => html`<dt>${fact}</dt><dd>${value}</dd>`)}
      </dl>
      ${table(
        report,
        `${name}: families by variants`,
        ({ backend, variant }) => backend === name && variant !== undefined,
        ({ variant = '' }) => variant,
      )}
    </details>
  `;
}

function table(
  report: ConformanceReport,
  label: string,
  isShown: (column: MatrixColumn) => boolean,
  title: (column: MatrixColumn) => string,
): TemplateResult {
  const { columns, rows } = matrix(report);
  const shown = [...columns.keys()].filter((i) => isShown(columns[i]));
  return html`<div class="scroll" tabindex="0" role="region" aria-label=${label}>
    <table class="matrix">
      <thead>
        <tr>
          <th scope="col">family</th>
          ${shown.map((i) => html`<th scope="col">${title(columns[i])}</th>`)}
        </tr>
      </thead>
      <tbody>
        ${rows.map(
          ({ family, cells }) =>
            html`<tr>
              <th scope="row">${family}</th>
              ${shown.map((i) => html`<td class=${stateOf(cells[i])}>${cells[i]}</td>`)}
            </tr>`,
        )}
      </tbody>
    </table>
  </div>`;
}

function stateOf(cell: string): string {
  if (/\bfailed\b/.test(cell)) return 'loss';
  return /^\d+ passed/.test(cell) ? 'is-passed' : 'is-absent';
}
