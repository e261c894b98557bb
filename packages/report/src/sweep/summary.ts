/** What a sweep says in a few lines: every row beside its twin, winning or losing in the same words, and what is missing. */
import { times } from '../format.ts';
import { placeSummary, type SummaryLine } from '../summary.ts';
import { points } from './columns.ts';
import { finished, rowLabel, type SweepResult, type SweepRow } from './result.ts';
import { type Difference, differenceToTwin, isGain, isLoss } from './statistics.ts';

export function sweepSummary(result: SweepResult): SummaryLine[] {
  const doubts = result.latencyEnvironment === undefined ? [] : placeSummary(result.latencyEnvironment);
  return [
    ...result.rows.flatMap((row) => besideTwin(row, result)),
    ...failures(result),
    ...unfinished(result),
    ...doubts,
  ];
}

function besideTwin(row: SweepRow, result: SweepResult): SummaryLine[] {
  if (row.twin === null) return [];
  const twin = result.rows[row.twin];
  const difference = differenceToTwin(row, twin);
  if (difference === undefined) return [];
  const costs =
    row.macs <= twin.macs
      ? `${times(twin.macs / row.macs)} fewer multiply-adds`
      : `${times(row.macs / twin.macs)} more multiply-adds`;
  const text = `${rowLabel(row, result)}: ${points(difference.mean)} points to ${rowLabel(twin, result)}, ${certainty(difference)}; ${costs}`;
  return [{ text, isLoss: isLoss(difference) }];
}

function certainty(difference: Difference): string {
  const { n, interval } = difference;
  if (interval === undefined) return `${n === 1 ? 'one seed' : `${n} seeds`}, too few for an interval`;
  const verdict = isLoss(difference) ? 'less accurate' : isGain(difference) ? 'more accurate' : 'no difference shown';
  return `${verdict} (95 %: ${points(interval.low)} to ${points(interval.high)}, ${n} seeds)`;
}

function failures(result: SweepResult): SummaryLine[] {
  return result.rows.flatMap((row) =>
    row.runs
      .filter(({ status }) => status === 'failed')
      .map(({ seed, reason = 'no reason given' }) => {
        return { text: `FAILED ${rowLabel(row, result)}, seed ${seed}: ${reason}`, isLoss: true };
      }),
  );
}

function unfinished({ rows }: SweepResult): SummaryLine[] {
  const all = rows.flatMap(({ runs }) => runs).length;
  const done = rows.flatMap(finished).length;
  return done === all ? [] : [{ text: `${done} of ${all} trainings are done`, isLoss: false }];
}
