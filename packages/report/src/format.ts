/** How figures are written, the same in tables, reports and verdicts. */

/** What the rows of both benchmarks have in common. */
export interface Comparison {
  readonly backend: string;
  readonly part: number | string;
  readonly macRatio: number;
  readonly speedup: number;
  readonly speedupLow: number;
  readonly speedupHigh: number;
}

/** Three significant digits, no exponent: 0.632, 11.5, 186; '-' for what is no number. */
export function figure(value: number | null | undefined): string {
  if (value === null || value === undefined || !Number.isFinite(value)) return '-';
  const digits = Math.max(0, 2 - Math.floor(Math.log10(Math.max(Math.abs(value), 1e-9))));
  return value.toFixed(Math.min(digits, 6));
}

export function times(ratio: number): string {
  return `${figure(ratio)}x`;
}

export function interval({ speedupLow, speedupHigh }: Pick<Comparison, 'speedupLow' | 'speedupHigh'>): string {
  return `${figure(speedupLow)}-${figure(speedupHigh)}`;
}

/** Where HetConv is not worth it, said as plainly as where it is; nothing where it keeps its promise. */
export function verdict({ backend, part, macRatio, speedup }: Comparison, peer: string): string[] {
  const at = `${backend}, P=${part}`;
  if (speedup < 1) return [`SLOWER  ${at}: HetConv takes ${figure(1 / speedup)}x the time of ${peer}.`];
  if (speedup >= macRatio) return [];
  return [`below   ${at}: ${figure((100 * speedup) / macRatio)} % of what the multiplication count promises.`];
}
