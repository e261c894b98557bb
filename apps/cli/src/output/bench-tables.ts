/** Benchmarks as tables for a terminal: what they say first, losses before all else. */
import { type BenchResult, isModelRow, labelOf, type LayerRow, type ModelRow } from '@hetconv/bench';
import {
  accuracyNotes,
  benchTitle,
  changeColumns,
  comparisonSummary,
  LAYER_NOTE,
  layerColumns,
  layerSummary,
  modelColumns,
  modelSummary,
  placeSummary,
  type SummaryLine,
  totalSummary,
  verdict,
} from '@hetconv/report';
import { print } from './emit.ts';
import { renderTable } from './table.ts';

export function printBench(result: BenchResult): void {
  const networks = result.rows.filter(isModelRow);
  print(`${benchTitle(result)}; medians of ${networks.length > 0 ? 'a batch' : 'layers with bias and relu'}\n`);
  const doubts = placeSummary(result.environment);
  if (doubts.length > 0) printSummary(doubts);
  if (networks.length > 0) printModels(networks);
  else printLayers(result.rows.filter((row): row is LayerRow => !isModelRow(row)));
  for (const layers of result.perLayer ?? []) {
    print(`\nLayer by layer, P=${layers.part}\n`);
    printSummary(totalSummary(layers, networks));
    if (layers.rows.length > 0) print(renderTable(layers.rows, layerColumns(layers.rows)));
  }
  if (result.comparison === undefined) return;
  print('\nBeside the earlier result\n');
  printSummary(comparisonSummary(result.comparison));
  if (result.comparison.rows.length > 0) print(renderTable(result.comparison.rows, changeColumns));
}

function printLayers(rows: readonly LayerRow[]): void {
  printSummary(layerSummary(rows));
  print(renderTable(rows, layerColumns(rows)));
  print(LAYER_NOTE);
  for (const row of rows) for (const line of verdict(row, 'the dense convolution', labelOf(row))) print(line);
}

function printModels(rows: readonly ModelRow[]): void {
  printSummary(modelSummary(rows));
  print(renderTable(rows, modelColumns(rows)));
  for (const note of accuracyNotes(rows)) print(note);
  print('difference: from the outputs of the reference backend, of the largest output.');
  for (const row of rows) for (const line of verdict(row, 'its standard twin', labelOf(row))) print(line);
}

function printSummary(lines: readonly SummaryLine[]): void {
  for (const { text, isLoss } of lines) print(`${isLoss ? '!' : ' '} ${text}`);
  print();
}
