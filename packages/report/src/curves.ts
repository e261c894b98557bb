/** A training as curves: loss and accuracy on the images it trains on and on those it does not. */
import type { LogEntry } from '@hetconv/train';
import * as Plot from '@observablehq/plot';
import { percent } from './format.ts';
import { escapeHtml, htmlTable } from './page.ts';

const TRAIN = '#e08a00';
const TEST = '#3b7dd8';

const LEGEND =
  `<p><span style="color:${TRAIN}">■</span> training images, augmented, as each step met them; ` +
  `<span style="color:${TEST}">■</span> test images after the epoch. The gap between them is over-fitting.</p>`;

/** Two plots and every figure. @param document what the plots are made with: the page's own, or that of a DOM library */
export function curvesSection(log: readonly LogEntry[], document: Document): string {
  if (log.length === 0) return '<p>No epoch is finished yet.</p>';
  const loss = log.flatMap((one) => pair(one, one.loss, one.testLoss));
  const accuracy = log.flatMap((one) => pair(one, 100 * one.accuracy, 100 * one.testAccuracy));
  const table = htmlTable(
    ['epoch', 'learning rate', 'loss', 'accuracy', 'test loss', 'test accuracy', 'minutes'],
    log.map((one) => [
      String(one.epoch),
      one.learningRate.toPrecision(3),
      one.loss.toFixed(4),
      percent(one.accuracy),
      one.testLoss.toFixed(4),
      percent(one.testAccuracy),
      (one.seconds / 60).toFixed(1),
    ]),
  );
  const last = log[log.length - 1];
  const summary = `<p><strong>${escapeHtml(percent(last.testAccuracy))}</strong> of the test images after epoch ${last.epoch}.</p>`;
  return [
    summary,
    LEGEND,
    plot(accuracy, 'accuracy, % →', 'linear', document),
    plot(loss, 'loss →', 'log', document),
    '<h2>Figures</h2>',
    table,
  ].join('\n');
}

interface Point {
  readonly epoch: number;
  readonly images: 'train' | 'test';
  readonly value: number;
}

function pair({ epoch }: LogEntry, train: number, test: number): Point[] {
  return [
    { epoch, images: 'train', value: train },
    { epoch, images: 'test', value: test },
  ];
}

function plot(points: readonly Point[], label: string, type: 'linear' | 'log', document: Document): string {
  const shown = points.filter(({ value }) => type === 'linear' || value > 0);
  const options = { x: 'epoch', y: 'value', z: 'images', stroke: 'images' };
  return Plot.plot({
    document,
    width: 920,
    height: 320,
    marginLeft: 60,
    style: { fontSize: '14px' },
    x: { label: 'epoch →', tickFormat: 'd', interval: 1, ticks: Math.min(12, points.length / 2) },
    y: { label, type, grid: true },
    color: { domain: ['train', 'test'], range: [TRAIN, TEST] },
    marks: [Plot.lineY(shown, options), Plot.dot(shown, { ...options, fill: 'images', r: 2 })],
  }).outerHTML;
}
