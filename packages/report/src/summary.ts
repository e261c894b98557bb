/** What a benchmark says in a few lines, losses first: they are read by who reads nothing else. */
import { type BenchComparison, labelOf, type LayerRow, type ModelRow, type PerLayer } from '@hetconv/bench';
import { accuracySummary } from './accuracy.ts';
import { figure, times } from './format.ts';

export interface SummaryLine {
  readonly text: string;
  readonly isLoss: boolean;
}

function speedupSummary(rows: readonly (LayerRow | ModelRow)[], peer: string): SummaryLine[] {
  const of = (count: number): string => `${count} of ${rows.length} ${rows.length === 1 ? 'row' : 'rows'}`;
  const slower = rows.filter(({ speedup }) => speedup < 1).length;
  const sure = rows.filter(({ speedupHigh }) => speedupHigh < 1).length;
  const kept = rows.filter(({ speedup, macRatio }) => speedup >= macRatio).length;
  const [best] = rows.toSorted((a, b) => b.speedup - a.speedup);
  return [
    {
      text: `${of(slower)} slower than ${peer}${slower > sure ? `, ${sure} of them beyond noise` : ''}`,
      isLoss: slower > 0,
    },
    { text: `${of(kept)} at least as fast as the multiplication count promises`, isLoss: false },
    { text: `fastest: ${times(best.speedup)} of ${times(best.macRatio)} promised (${labelOf(best)})`, isLoss: false },
  ];
}

export function layerSummary(rows: readonly LayerRow[]): SummaryLine[] {
  return [...speedupSummary(rows, 'the dense convolution'), ...peerSummary(rows)];
}

/**
 * The kind of the first row beside the standard twin, and beside each of its peers on the same backend, P for P where both have
 * one. Then accuracies, where rows have them.
 */
export function modelSummary(rows: readonly ModelRow[]): SummaryLine[] {
  const [{ kind }] = rows;
  const own = rows.filter((row) => row.kind === kind);
  const kinds = new Set(rows.map((row) => row.kind).filter((other) => other !== kind));
  const beside = [...kinds].map((peer): SummaryLine => {
    const pairs = own.flatMap((row) =>
      rows
        .filter((other) => other.kind === peer && other.backend === row.backend)
        .filter(({ part }) => part === 'none' || part === row.part)
        .map((other) => ({ row, other })),
    );
    const slower = pairs.filter(({ row, other }) => row.medianMs > other.medianMs).length;
    return { text: `${slower} of ${pairs.length} slower than ${peer}, another function`, isLoss: slower > 0 };
  });
  return [...speedupSummary(own, 'the standard twin'), ...beside, ...accuracySummary(rows)];
}

/** What of the place makes figures doubtful. */
export function placeSummary({ load, cores }: Readonly<Record<string, unknown>>): SummaryLine[] {
  if (typeof load !== 'number' || typeof cores !== 'number' || load <= cores / 2) return [];
  const text = `WARNING: the machine was busy when measuring began: load ${figure(load)} on ${cores} cores`;
  return [{ text, isLoss: true }];
}

/** The peers that compute other, smaller functions. */
function peerSummary(rows: readonly LayerRow[]): SummaryLine[] {
  const against = (name: string, time: (row: LayerRow) => number | null): SummaryLine[] => {
    const beside = rows.filter((row) => time(row) !== null);
    const slower = beside.filter((row) => row.medianMs > (time(row) ?? Infinity)).length;
    const text = `${slower} of ${beside.length} slower than ${name}`;
    return beside.length === 0 ? [] : [{ text, isLoss: slower > 0 }];
  };
  return [
    ...against('depthwise + pointwise, another and smaller function', (row) => row.depthwisePointwiseMedianMs),
    ...against('grouped + pointwise, another and smaller function', (row) => row.groupedPointwiseMedianMs),
    ...against('the composed form of stock operations', (row) => row.composedMedianMs),
  ];
}

/** Layers of a network added up, beside the network itself. */
export function totalSummary({ part, totals, left }: PerLayer, networks: readonly ModelRow[]): SummaryLine[] {
  const lines = totals.map(({ backend, layers, macRatio, medianMs, denseMedianMs, speedup }) => {
    const network = networks.find((row) => row.backend === backend && row.kind === 'hetconv' && row.part === part);
    const whole = network && `; the whole network: ${times(network.speedup)} of ${times(network.macRatio)}`;
    const sums = `${figure(medianMs)} ms instead of ${figure(denseMedianMs)} ms`;
    const text = `${backend}: its ${layers} HetConv layers together ${times(speedup)} of ${times(macRatio)} (${sums})${whole ?? ''}`;
    return { text, isLoss: speedup < 1 };
  });
  const missing = left.map(({ name, reason }) => ({ text: `not measured: ${name}: ${reason}`, isLoss: true }));
  return [...lines, ...missing];
}

export function comparisonSummary({ rows, onlyBefore, onlyAfter, environment }: BenchComparison): SummaryLine[] {
  const count = (verdict: string): number => rows.filter((row) => row.verdict === verdict).length;
  const [slower, faster] = [count('slower'), count('faster')];
  const agreeing = rows.filter(({ agrees }) => agrees).length;
  const lines: SummaryLine[] = environment.map(({ fact, before, after }) => ({
    text: `WARNING: measured elsewhere: ${fact} was ${String(before)}, now ${String(after)}`,
    isLoss: true,
  }));
  return [
    ...lines,
    {
      text: `${slower} of ${rows.length} rows slower than before, ${faster} faster, the rest same within noise`,
      isLoss: slower > 0,
    },
    { text: `${agreeing} of ${rows.length} rows agree within their 95 % intervals`, isLoss: false },
    ...only(onlyBefore, 'before'),
    ...only(onlyAfter, 'now'),
  ];
}

function only(labels: readonly string[], where: string): SummaryLine[] {
  return labels.length === 0 ? [] : [{ text: `only ${where}: ${labels.join('; ')}`, isLoss: false }];
}
