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

/** 0.9123 as 91.23 %. */
export function percent(fraction: number, digits = 2): string {
  return `${(100 * fraction).toFixed(digits)} %`;
}

/** 0.95 as -5.0 %, 1.2 as +20 %. */
export function percentChange(ratio: number): string {
  const change = ratio - 1;
  return `${change < 0 ? '-' : '+'}${percent(Math.abs(change), Math.abs(change) < 0.0995 ? 1 : 0)}`;
}

export function interval({ speedupLow, speedupHigh }: Pick<Comparison, 'speedupLow' | 'speedupHigh'>): string {
  return `${figure(speedupLow)}-${figure(speedupHigh)}`;
}

/**
 * Where HetConv is not worth it, said as plainly as where it is; nothing where it keeps its promise.
 *
 * @param label of the row, where backend and P do not tell it from others
 */
export function verdict(row: Comparison, peer: string, label?: string): string[] {
  const { backend, part, macRatio, speedup } = row;
  const at = label ?? `${backend}, P=${part}`;
  if (speedup < 1) return [`SLOWER  ${at}: ${figure(1 / speedup)}x the time of ${peer}.`];
  if (speedup >= macRatio) return [];
  return [`below   ${at}: ${figure((100 * speedup) / macRatio)} % of what the multiplication count promises.`];
}
