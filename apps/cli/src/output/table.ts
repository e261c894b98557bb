/** Plain tables: numbers to the right, text to the left, no colour, readable when piped. */
import Table from 'cli-table3';

export interface Column<Row> {
  readonly title: string;
  readonly align?: 'left' | 'right';
  cell(row: Row): string;
}

export function renderTable<Row>(rows: readonly Row[], columns: readonly Column<Row>[]): string {
  const table = new Table({
    head: columns.map((column) => column.title),
    colAligns: columns.map((column) => column.align ?? 'right'),
    style: { head: [], border: [], compact: true },
    chars: { mid: '', 'left-mid': '', 'mid-mid': '', 'right-mid': '' },
  });
  for (const row of rows) table.push(columns.map((column) => column.cell(row)));
  return table.toString();
}

/** 313740000 as 313,740,000. */
export function grouped(value: number): string {
  return value.toLocaleString('en-US');
}
