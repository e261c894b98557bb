/** The latencies of a sweep's rows: each on each backend, and only what is missing. */
import { SWEEP_FORMAT, type SweepResult, type SweepRow } from '@hetconv/report';
import { expect, it } from 'vitest';
import '../src/backends/tfjs.ts';
import { measureLatency } from '../src/sweep/measure-latency.ts';

const TIMING = { blocks: 2, minRounds: 2, maxRounds: 2, budgetMs: 1 };

function row(kind: string, part: SweepRow['part']): SweepRow {
  return { model: 'resnet20-cifar', kind, part, twin: null, macs: 1, params: 1, runs: [], latency: [] };
}

const RESULT: SweepResult = {
  format: SWEEP_FORMAT,
  name: 'x',
  title: 'X',
  data: { name: 'cifar10', classes: 10 },
  recipe: {
    epochs: 1,
    batch: 1,
    optimizer: { kind: 'sgd', momentum: 0 },
    schedule: { kind: 'constant', learningRate: 1 },
    weightDecay: 0,
    labelSmoothing: 0,
    augmentation: { padCrop: 0, flip: false, cutout: 0 },
  },
  seeds: [1],
  rows: [row('standard', 'none'), row('hetconv', 64)],
};

it('measures every row on the backends that are missing, and keeps the others', async () => {
  const first = await measureLatency(RESULT, 'wasm', TIMING);
  expect(first.rows.map(({ latency }) => latency.map(({ backend }) => backend))).toEqual([['wasm'], ['wasm']]);
  expect(first.latencyEnvironment).toHaveProperty('backends.wasm');
  expect(await measureLatency(first, 'wasm', TIMING)).toBe(first);
  const both = await measureLatency(first, 'cpu,wasm', TIMING);
  for (const [i, { latency }] of both.rows.entries()) {
    expect(latency.map(({ backend }) => backend)).toEqual(['wasm', 'cpu']);
    expect(latency[0]).toEqual(first.rows[i].latency[0]);
    expect(latency.every(({ medianMs }) => medianMs > 0)).toBe(true);
  }
});
