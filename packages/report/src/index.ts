/**
 * Results as something to look at: HTML sections, SVG plots and Markdown from plain JSON, the same in a page and in a static file.
 * Nothing here measures, reads or writes.
 */
export { accuracyNotes } from './accuracy.ts';
export { benchMarkdown } from './bench-markdown.ts';
export type { BenchResult } from '@hetconv/bench';
export { benchSection, benchTitle } from './bench-report.ts';
export { conformanceSection, conformanceTitle } from './conformance-report.ts';
export { conformanceStyles } from './conformance-styles.ts';
export { changeColumns, type Column, LAYER_NOTE, layerColumns, modelColumns } from './columns.ts';
export { embedResult, readEmbedded } from './embedded.ts';
export { type Comparison, figure, interval, percent, percentChange, times, verdict } from './format.ts';
export { curvesSection } from './curves.ts';
export { escapeHtml, factList, htmlTable, page, styles } from './page.ts';
export { type Bar, type BarsOptions, speedupBars } from './speedup-bars.ts';
export {
  comparisonSummary,
  layerSummary,
  modelSummary,
  placeSummary,
  type SummaryLine,
  totalSummary,
} from './summary.ts';
export { SWEEP_NOTE, sweepColumns } from './sweep/columns.ts';
export { sweepMarkdown, sweepSection, sweepTitle } from './sweep/report.ts';
export {
  parseSweepResult,
  rowLabel,
  SWEEP_FORMAT,
  type SweepLatency,
  type SweepResult,
  type SweepRow,
  type SweepTraining,
} from './sweep/result.ts';
export { type Difference, differenceToTwin, type Spread, spreadOf } from './sweep/statistics.ts';
export { sweepSummary } from './sweep/summary.ts';
