/** The two benchmarks as HTML: what they say, the plot, every figure, and where it was measured. */
import {
  type BenchComparison,
  type BenchResult,
  describeLayer,
  isModelRow,
  type LayerRow,
  type ModelRow,
  type PerLayer,
} from '@hetconv/bench';
import { accuracyNotes } from './accuracy.ts';
import { changeColumns, LAYER_NOTE, layerColumns, modelColumns } from './columns.ts';
import type { Comparison } from './format.ts';
import { escapeHtml, factList } from './page.ts';
import { columnsTable, note, summaryList } from './sections.ts';
import { type Bar, speedupBars } from './speedup-bars.ts';
import { comparisonSummary, layerSummary, modelSummary, placeSummary, totalSummary } from './summary.ts';

const LEGEND =
  '<p>Blue bar: measured speed-up (red: slower). Thin line: its 95 % interval. Orange mark: the ratio of multiplications, ' +
  'which is what the paper promises. Dashed line: as fast as standard convolution.</p>';

/** CSS pixels of the plot on wide and on narrow screens. */
const WIDE = 920;
const NARROW = 350;

export function benchTitle(result: BenchResult): string {
  const [row] = result.rows;
  if (isModelRow(row)) {
    return `HetConv, ${row.model}: real images, ${row.batch === 1 ? 'one at a time' : `${row.batch} at a time`}`;
  }
  const layers = new Set(layersOf(result).map(describeLayer));
  return layers.size === 1 ? `HetConv, one layer: ${describeLayer(row)}` : `HetConv, ${layers.size} layers`;
}

/** @param document what the plot is made with: the page's own, or that of a DOM library */
export function benchSection(result: BenchResult, document: Document): string {
  const { rows, perLayer = [], comparison, environment } = result;
  const doubts = placeSummary(environment);
  const measured = isModelRow(rows[0])
    ? modelPart(networksOf(result), document)
    : layerPart(layersOf(result), document);
  return [
    ...(doubts.length > 0 ? [summaryList(doubts)] : []),
    ...measured,
    ...perLayer.flatMap((layers) => perLayerPart(layers, networksOf(result), document)),
    ...(comparison === undefined ? [] : comparisonPart(comparison)),
    '<h2>Where it was measured</h2>',
    factList(environment),
  ].join('\n');
}

export function networksOf({ rows }: BenchResult): ModelRow[] {
  return rows.filter(isModelRow);
}

export function layersOf({ rows }: BenchResult): LayerRow[] {
  return rows.filter((row): row is LayerRow => !isModelRow(row));
}

function layerPart(rows: readonly LayerRow[], document: Document): string[] {
  const table = columnsTable(rows, layerColumns(rows));
  return [
    summaryList(layerSummary(rows)),
    plot(layerBars(rows), document),
    LEGEND,
    '<h2>Figures</h2>',
    table,
    note(LAYER_NOTE),
  ];
}

function modelPart(rows: readonly ModelRow[], document: Document): string[] {
  const bars = rows.map((row) => bar(row, modelLabel(row)));
  return [
    summaryList(modelSummary(rows)),
    plot(bars, document),
    LEGEND,
    '<h2>Figures</h2>',
    columnsTable(rows, modelColumns(rows)),
    ...accuracyNotes(rows).map(note),
  ];
}

function perLayerPart(layers: PerLayer, networks: readonly ModelRow[], document: Document): string[] {
  const { part, rows } = layers;
  return [
    `<h2>Layer by layer, P=${escapeHtml(String(part))}</h2>`,
    summaryList(totalSummary(layers, networks)),
    ...(rows.length === 0 ? [] : [plot(layerBars(rows), document), columnsTable(rows, layerColumns(rows))]),
    note(
      `${LAYER_NOTE} Weights and inputs are random; every layer's result is read back, in the network only the last.`,
    ),
  ];
}

function comparisonPart(comparison: BenchComparison): string[] {
  const threshold = ((comparison.atLeast - 1) * 100).toFixed(0);
  return [
    '<h2>Beside the earlier result</h2>',
    summaryList(comparisonSummary(comparison)),
    columnsTable(comparison.rows, changeColumns),
    note(
      `Faster and slower: beyond chance at 5 % over all rows together (Welch, Holm), and by at least ${threshold} %. ` +
        'Compared are speed-ups, each over the standard convolution of its own run.',
    ),
  ];
}

/** One layer: by backend; several: by layer, the backends beside each other. */
function layerBars(rows: readonly LayerRow[]): Bar[] {
  const isOne = new Set(rows.map(describeLayer)).size === 1;
  const isOneBackend = new Set(rows.map(({ backend }) => backend)).size === 1;
  return rows.map((row) => {
    const { backend, name, count = 1 } = row;
    const part = `P=${row.part}`;
    if (isOne) return bar(row, part);
    const layer = `${name === undefined ? '' : `${name}: `}${describeLayer(row)}${count > 1 ? ` (${count} times)` : ''}`;
    return isOneBackend ? bar(row, part, `${backend}, ${layer}`) : bar(row, `${backend} ${part}`, layer);
  });
}

function modelLabel({ kind, part }: ModelRow): string {
  const of = part === 'none' ? '' : `P=${part}`;
  return kind === 'hetconv' ? of : `${kind} ${of}`.trim();
}

function bar(row: Comparison, label: string, group: string = row.backend): Bar {
  const { backend, speedup, speedupLow: low, speedupHigh: high, macRatio } = row;
  return { backend, label, group, speedup, low, high, macRatio };
}

function plot(bars: readonly Bar[], document: Document): string {
  const [wide, narrow] = [WIDE, NARROW].map((width) => speedupBars(bars, document, { width }).outerHTML);
  return `<div class="wide">${wide}</div>\n<div class="narrow">${narrow}</div>`;
}
