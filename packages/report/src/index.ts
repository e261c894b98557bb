/**
 * Results as something to look at: HTML sections and SVG plots from plain JSON, the same in a page and in a static file.
 * Nothing here measures, reads or writes.
 */
export { type BenchResult, layerSection, layerTitle, modelSection, modelTitle } from './bench-report.ts';
export { curvesSection } from './curves.ts';
export { type Comparison, figure, interval, times, verdict } from './format.ts';
export { escapeHtml, factList, htmlTable, page, styles } from './page.ts';
export { type Bar, speedupBars } from './speedup-bars.ts';
