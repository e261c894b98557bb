/** All rows of a sweep over the epochs: training images against test images, means over the seeds. */
import type { LogEntry } from '@hetconv/train';
import * as Plot from '@observablehq/plot';
import { asImage } from '../as-image.ts';
import { escapeHtml } from '../page.ts';
import { finished, rowLabel, type SweepResult, type SweepRow } from './result.ts';

/** How many rows have a colour that is easily told from the others. */
const EASY = 10;

interface Point {
  readonly row: string;
  readonly images: 'train' | 'test';
  readonly epoch: number;
  readonly value: number;
}

/** Two plots with their legend; nothing before the first epoch. @param document what the plots are made with */
export function sweepCurves(result: SweepResult, document: Document): string {
  // On a log axis: between 90 and 95 % half of the errors are gone.
  const error = pointsOf(result, (one) => [100 - 100 * one.accuracy, 100 - 100 * one.testAccuracy]);
  if (error.length === 0) return '<p>No epoch is finished yet.</p>';
  const loss = pointsOf(result, (one) => [one.loss, one.testLoss]);
  const plots = [plot(error, 'error, %', document), plot(loss, 'loss', document)];
  const labels = [...new Set(error.map(({ row }) => row))];
  const color = plots[0].scale('color');
  const entries = labels.map((label) => {
    return `<span style="color:${String(color?.apply(label))}">■</span> ${escapeHtml(label)}`;
  });
  return [
    `<p>${entries.join(' &nbsp; ')}</p>`,
    '<p>Solid: test images after the epoch. Dashed: training images, augmented, as each step met them. The dashed line below its solid one is over-fitting. Error: 100 % minus accuracy.</p>',
    ...plots.map((one) => one.outerHTML),
  ].join('\n');
}

function pointsOf(result: SweepResult, figures: (entry: LogEntry) => [train: number, test: number]): Point[] {
  return result.rows.flatMap((row) => {
    const label = rowLabel(row, result);
    return epochsOf(row).flatMap(([epoch, entries]): Point[] => {
      const mean = (which: 0 | 1): number =>
        entries.reduce((sum, one) => sum + figures(one)[which], 0) / entries.length;
      return [
        { row: label, images: 'train', epoch, value: mean(0) },
        { row: label, images: 'test', epoch, value: mean(1) },
      ];
    });
  });
}

/** The figures of each epoch: of the trainings that are done, or while none is, as far as all that have begun have come. */
function epochsOf(row: SweepRow): [epoch: number, entries: readonly LogEntry[]][] {
  const done = finished(row).map(({ run }) => run.log);
  const logs = done.length > 0 ? done : row.runs.map(({ log }) => log).filter(({ length }) => length > 0);
  if (logs.length === 0) return [];
  const epochs = Math.min(...logs.map(({ length }) => length));
  return Array.from({ length: epochs }, (_, i) => [i + 1, logs.map((log) => log[i])]);
}

function plot(points: readonly Point[], label: string, document: Document): SVGSVGElement & Plot.Plot {
  const shown = points.filter(({ value }) => value > 0);
  const rows = [...new Set(points.map(({ row }) => row))];
  const epochs = new Set(points.map(({ epoch }) => epoch)).size;
  const [train, test] = (['train', 'test'] as const).map((which) => shown.filter(({ images }) => images === which));
  const options = { x: 'epoch', y: 'value', z: 'row', stroke: 'row' };
  const drawn = Plot.plot({
    document,
    width: 920,
    height: 360,
    marginLeft: 60,
    style: { fontSize: '14px' },
    x: { label: 'epoch →', tickFormat: 'd', interval: 1, ticks: Math.min(12, epochs) },
    y: { label: `${label} →`, type: 'log', grid: true, ticks: 6, tickFormat: '~r' },
    color: { type: 'categorical', domain: rows, ...(rows.length > EASY && { type: 'ordinal', scheme: 'turbo' }) },
    marks: [
      Plot.lineY(train, { ...options, strokeDasharray: '4 3', strokeWidth: 1.2 }),
      Plot.lineY(test, { ...options, strokeWidth: 2 }),
      Plot.dot(test, { ...options, fill: 'row', r: 2 }),
    ],
  }) as SVGSVGElement & Plot.Plot;
  return asImage(drawn, `${label} over epochs of ${rows.join(', ')}: training and test images`);
}
