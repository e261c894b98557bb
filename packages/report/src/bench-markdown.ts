/** A benchmark as Markdown: for a README, a pull request, an issue. */
import { type BenchResult, isModelRow } from '@hetconv/bench';
import { accuracyNotes } from './accuracy.ts';
import { benchTitle, layersOf, networksOf } from './bench-report.ts';
import { changeColumns, type Column, LAYER_NOTE, layerColumns, modelColumns } from './columns.ts';
import { flatFacts } from './page.ts';
import {
  comparisonSummary,
  layerSummary,
  modelSummary,
  placeSummary,
  type SummaryLine,
  totalSummary,
} from './summary.ts';

export function benchMarkdown(result: BenchResult): string {
  const [layers, networks] = [layersOf(result), networksOf(result)];
  const parts = [`## ${benchTitle(result)}`];
  const doubts = placeSummary(result.environment);
  if (doubts.length > 0) parts.push(list(doubts));
  if (isModelRow(result.rows[0])) {
    parts.push(list(modelSummary(networks)), table(networks, modelColumns(networks)), ...accuracyNotes(networks));
  } else {
    parts.push(list(layerSummary(layers)), table(layers, layerColumns(layers)), LAYER_NOTE);
  }
  for (const one of result.perLayer ?? []) {
    parts.push(`### Layer by layer, P=${one.part}`, list(totalSummary(one, networks)));
    if (one.rows.length > 0) parts.push(table(one.rows, layerColumns(one.rows)));
  }
  if (result.comparison !== undefined) {
    const { comparison } = result;
    parts.push(
      '### Beside the earlier result',
      list(comparisonSummary(comparison)),
      table(comparison.rows, changeColumns),
    );
  }
  const facts = flatFacts(result.environment).map(([name, text]) => `- ${name}: ${escapeMarkdown(text)}`);
  parts.push('### Where it was measured', facts.join('\n'));
  return `${parts.join('\n\n')}\n`;
}

function list(lines: readonly SummaryLine[]): string {
  return lines
    .map(({ text, isLoss }) => (isLoss ? `- **${escapeMarkdown(text)}**` : `- ${escapeMarkdown(text)}`))
    .join('\n');
}

/** Losses are bold. */
function table<Row>(rows: readonly Row[], columns: readonly Column<Row>[]): string {
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

function escapeMarkdown(text: string): string {
  return text.replace(/[|<>*_`\\]/g, (character) => `\\${character}`).replaceAll('\n', ' ');
}
