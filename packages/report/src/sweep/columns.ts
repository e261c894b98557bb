/** A sweep's table as columns: the same in a terminal, in HTML and in Markdown. */
import type { LogEntry } from '@hetconv/train';
import type { Column } from '../columns.ts';
import { figure, times } from '../format.ts';
import { finished, rowLabel, type SweepResult, type SweepRow } from './result.ts';
import { differenceToTwin, isGain, isLoss, type Spread, spreadOf } from './statistics.ts';

export function sweepColumns(result: SweepResult): Column<SweepRow>[] {
  const twinOf = ({ twin }: SweepRow): SweepRow | undefined => (twin === null ? undefined : result.rows[twin]);
  const difference = (row: SweepRow): ReturnType<typeof differenceToTwin> => {
    const twin = twinOf(row);
    return twin && differenceToTwin(row, twin);
  };
  const marks: Pick<Column<SweepRow>, 'isLoss' | 'isGain'> = {
    isLoss: (row) => when(difference(row), isLoss) ?? false,
    isGain: (row) => when(difference(row), isGain) ?? false,
  };
  const backends = [...new Set(result.rows.flatMap(({ latency }) => latency.map(({ backend }) => backend)))];
  return [
    { title: 'network', align: 'left', cell: (row) => rowLabel(row, result) },
    { title: 'seeds done', cell: (row) => `${finished(row).length} of ${row.runs.length}` },
    { title: 'test accuracy, %', cell: (row) => when(test(row), meanText) ?? '-' },
    { title: 'min-max', cell: (row) => when(test(row), rangeText) ?? '-' },
    { title: 'to twin, points', cell: (row) => when(difference(row), ({ mean }) => points(mean)) ?? '-', ...marks },
    { title: '95 %', cell: (row) => when(difference(row), ({ interval }) => intervalText(interval)) ?? '-', ...marks },
    {
      title: 'train accuracy, %',
      cell: (row) =>
        when(
          ofLast(row, (last) => 100 * last.accuracy),
          meanText,
        ) ?? '-',
    },
    {
      title: 'gap, points',
      cell: (row) =>
        when(
          ofLast(row, (last) => 100 * (last.accuracy - last.testAccuracy)),
          ({ mean }) => points(mean),
        ) ?? '-',
    },
    { title: 'million multiply-adds', cell: (row) => figure(row.macs / 1e6) },
    { title: 'fewer', cell: (row) => when(twinOf(row), (twin) => times(twin.macs / row.macs)) ?? '-' },
    { title: 'parameters', cell: (row) => row.params.toLocaleString('en-US') },
    { title: 'training, min', cell: (row) => when(minutes(row), ({ mean }) => figure(mean)) ?? '-' },
    ...backends.map((backend): Column<SweepRow> => {
      return {
        title: `ms, ${backend}`,
        cell: (row) =>
          when(latencyOn(row, backend), ({ medianMs, spreadMs }) => `${figure(medianMs)} ±${figure(spreadMs)}`) ?? '-',
        isLoss: (row) => slower(row, twinOf(row), backend),
      };
    }),
  ];
}

export const SWEEP_NOTE: string =
  "Accuracy after the last epoch, never the best one; ± one standard deviation over the seeds. To twin: paired by seed, with Student's t " +
  'from 3 seeds on. Train accuracy: of the training images, augmented, as each step of the last epoch met them, so the gap (train minus test) ' +
  'understates over-fitting. Multiply-adds of all layers for one image. ms: one image at a time, median ± median absolute deviation.';

/** +0.42 */
export function points(value: number): string {
  return `${value < 0 ? '-' : '+'}${Math.abs(value).toFixed(2)}`;
}

function intervalText(interval: { readonly low: number; readonly high: number } | undefined): string {
  return interval === undefined ? 'too few seeds' : `${points(interval.low)} to ${points(interval.high)}`;
}

function test(row: SweepRow): Spread | undefined {
  return ofLast(row, (last) => 100 * last.testAccuracy);
}

/** Over the seeds, of the last epoch. */
function ofLast(row: SweepRow, value: (last: LogEntry) => number): Spread | undefined {
  return spreadOf(finished(row).map(({ last }) => value(last)));
}

function meanText({ mean, deviation }: Spread): string {
  return deviation === undefined ? mean.toFixed(2) : `${mean.toFixed(2)} ±${deviation.toFixed(2)}`;
}

function rangeText({ n, min, max }: Spread): string {
  return n === 1 ? '-' : `${min.toFixed(2)}-${max.toFixed(2)}`;
}

function minutes(row: SweepRow): Spread | undefined {
  return spreadOf(finished(row).map(({ run }) => run.seconds / 60));
}

function latencyOn({ latency }: SweepRow, backend: string): SweepRow['latency'][number] | undefined {
  return latency.find((one) => one.backend === backend);
}

function slower(row: SweepRow, twin: SweepRow | undefined, backend: string): boolean {
  const [own, other] = [latencyOn(row, backend), twin && latencyOn(twin, backend)];
  return own !== undefined && other !== undefined && own.medianMs > other.medianMs;
}

function when<T, R>(value: T | undefined, use: (value: T) => R): R | undefined {
  return value === undefined ? undefined : use(value);
}
