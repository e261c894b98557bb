import { backend as cpu, cpuKernels } from '@hetconv/backend-cpu';
import * as tf from '@tensorflow/tfjs-core';
import { beforeAll, expect, it, vi } from 'vitest';
import { benchLayer } from '../src/index.ts';

const request = { height: 6, width: 5, in: 6, out: 8, kernel: 3, stride: 1, batch: 2, parts: [1, 4, 6] };
const quick = { blocks: 2, minRounds: 2, maxRounds: 2 };
beforeAll(async () => {
  await cpu.prepare();
});

it('gives a complete row for each P and leaves no tensor behind', async () => {
  const before = tf.memory().numTensors;
  const rows = await benchLayer(cpu, request, quick);
  expect(rows.map(({ part }) => part)).toEqual([1, 4, 6]);
  for (const row of rows) {
    expect(row).toMatchObject({ backend: 'cpu', in: 6, out: 8, kernel: 3, stride: 1, batch: 2, rounds: 2 });
    expect(row.variant).toMatch(/^forward-/);
    expect(row.macRatio).toBeGreaterThanOrEqual(1);
    expect(row.worstRatio).toBeLessThan(8);
    for (const ms of [row.medianMs, row.denseMedianMs, row.depthwisePointwiseMedianMs, row.composedMedianMs]) {
      expect(ms).toBeGreaterThan(0);
    }
    expect(row.speedupLow).toBeLessThanOrEqual(row.speedup);
    expect(row.speedupHigh).toBeGreaterThanOrEqual(row.speedup);
  }
  expect(tf.memory().numTensors).toBe(before);
});

it('refuses to time a wrong kernel', async () => {
  const before = tf.memory().numTensors;
  const forward = cpuKernels.forward.bind(cpuKernels);
  const broken = vi.spyOn(cpuKernels, 'forward').mockImplementation((call) => {
    const y = forward(call);
    (call.backend.data.get(y.dataId).values as Float32Array)[0] += 0.01;
    return y;
  });
  await expect(benchLayer(cpu, request, quick)).rejects.toThrow(/HetConv P=1 is wrong on cpu: element 0 is/);
  broken.mockRestore();
  expect(tf.memory().numTensors).toBe(before);
});
