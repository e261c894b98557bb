/** How a measured speed-up is shown beside the ratio of multiplications: the same in tables, reports and verdicts. */
import { type Column, figure } from './table.ts';

/** What the rows of both benchmarks have in common. */
export interface Comparison {
  readonly backend: string;
  readonly part: number | string;
  readonly macRatio: number;
  readonly speedup: number;
  readonly speedupLow: number;
  readonly speedupHigh: number;
}

export function times(ratio: number): string {
  return `${figure(ratio)}x`;
}

export function interval({ speedupLow, speedupHigh }: Comparison): string {
  return `${figure(speedupLow)}-${figure(speedupHigh)}`;
}

export const RATIO_COLUMNS: readonly Column<Comparison>[] = [
  { title: 'MAC ratio', cell: (row) => times(row.macRatio) },
  { title: 'speed-up', cell: (row) => times(row.speedup) },
  { title: '95 %', cell: interval },
];

/** Where HetConv is not worth it, said as plainly as where it is; nothing where it keeps its promise. */
export function verdict({ backend, part, macRatio, speedup }: Comparison, peer: string): string[] {
  const at = `${backend}, P=${part}`;
  if (speedup < 1) return [`SLOWER  ${at}: HetConv takes ${figure(1 / speedup)}x the time of ${peer}.`];
  if (speedup >= macRatio) return [];
  return [`below   ${at}: ${figure((100 * speedup) / macRatio)} % of what the multiplication count promises.`];
}
