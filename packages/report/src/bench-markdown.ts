/** A benchmark as Markdown: for a README, a pull request, an issue. */
import { type BenchResult, isModelRow } from '@hetconv/bench';
import { accuracyNotes } from './accuracy.ts';
import { benchTitle, layersOf, networksOf } from './bench-report.ts';
import { changeColumns, LAYER_NOTE, layerColumns, modelColumns } from './columns.ts';
import { factItems, list, table } from './markdown.ts';
import { comparisonSummary, layerSummary, modelSummary, placeSummary, totalSummary } from './summary.ts';

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
  parts.push('### Where it was measured', factItems(result.environment));
  return `${parts.join('\n\n')}\n`;
}
