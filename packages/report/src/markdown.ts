/** The pieces of a Markdown report: lists and tables in which losses are bold. */
import type { Column } from './columns.ts';
import { flatFacts } from './page.ts';
import type { SummaryLine } from './summary.ts';

/** Facts as a list, those within facts by their path. */
export function factItems(facts: object): string {
  return flatFacts(facts)
    .map(([name, text]) => `- ${name}: ${escapeMarkdown(text)}`)
    .join('\n');
}

export function list(lines: readonly SummaryLine[]): string {
  return lines
    .map(({ text, isLoss }) => (isLoss ? `- **${escapeMarkdown(text)}**` : `- ${escapeMarkdown(text)}`))
    .join('\n');
}

/** Losses are bold. */
export function table<Row>(rows: readonly Row[], columns: readonly Column<Row>[]): string {
  const cellOf = (row: Row, column: Column<Row>): string => {
    const text = escapeMarkdown(column.cell(row));
    return column.isLoss?.(row) ? `**${text}**` : text;
  };
  return [
    line(columns.map(({ title }) => escapeMarkdown(title))),
    line(columns.map(({ align }) => (align === 'left' ? '---' : '---:'))),
    ...rows.map((row) => line(columns.map((column) => cellOf(row, column)))),
  ].join('\n');
}

function line(cells: readonly string[]): string {
  return `| ${cells.join(' | ')} |`;
}

export function escapeMarkdown(text: string): string {
  return text.replace(/[|<>*_`\\]/g, (character) => `\\${character}`).replaceAll('\n', ' ');
}
