/** The columns that the tables of both benchmarks share. */
import { type Comparison, interval, times } from '@hetconv/report';
import type { Column } from './table.ts';

export const RATIO_COLUMNS: readonly Column<Comparison>[] = [
  { title: 'MAC ratio', cell: (row) => times(row.macRatio) },
  { title: 'speed-up', cell: (row) => times(row.speedup) },
  { title: '95 %', cell: interval },
];
