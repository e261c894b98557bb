/** The pieces of an HTML report: what it says first, its tables, its remarks. */
import type { Column } from './columns.ts';
import { escapeHtml, htmlTable } from './page.ts';
import type { SummaryLine } from './summary.ts';

export function summaryList(lines: readonly SummaryLine[]): string {
  const items = lines.map(({ text, isLoss }) => `<li${isLoss ? ' class="loss"' : ''}>${escapeHtml(text)}</li>`);
  return `<ul class="summary">${items.join('')}</ul>`;
}

export function columnsTable<Row>(rows: readonly Row[], columns: readonly Column<Row>[]): string {
  return htmlTable(
    columns.map(({ title, align }) => ({ text: title, isText: align === 'left' })),
    rows.map((row) =>
      columns.map((column) => ({
        text: column.cell(row),
        isLoss: column.isLoss?.(row) ?? false,
        isGain: column.isGain?.(row) ?? false,
        isText: column.align === 'left',
      })),
    ),
  );
}

export function note(text: string): string {
  return `<p>${escapeHtml(text)}</p>`;
}
