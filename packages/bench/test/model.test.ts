import { backend as cpu } from '@hetconv/backend-cpu';
import { type BackendProvider, composedKernels, HE_UNIFORM } from '@hetconv/core';
import { hetConv2d, seededInitializer } from '@hetconv/layers';
import { MathBackendCPU } from '@tensorflow/tfjs-backend-cpu';
import * as tf from '@tensorflow/tfjs-core';
import { layers, type LayersModel, sequential } from '@tensorflow/tfjs-layers';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { benchModel, type ModelRequest } from '../src/index.ts';

/** A second backend, a copy of the first one: what is moved and compared between backends is real. */
const twin: BackendProvider = {
  name: 'cpu-twin',
  prepare: async () => ({ available: true }),
  kernels: () => composedKernels,
};
const quick = { blocks: 2, minRounds: 2, maxRounds: 2 };
let request: ModelRequest;

function network(part?: number): LayersModel {
  const kernel = {
    filters: 6,
    kernelSize: 3,
    padding: 'same',
    kernelInitializer: seededInitializer(HE_UNIFORM, 1),
  } as const;
  const convolution =
    part === undefined
      ? layers.conv2d({ ...kernel, inputShape: [6, 5, 4] })
      : hetConv2d({ ...kernel, part, inputShape: [6, 5, 4] });
  const head = layers.dense({ units: 3, kernelInitializer: seededInitializer(HE_UNIFORM, 2) });
  return sequential({ layers: [convolution, layers.flatten(), head] });
}

beforeAll(async () => {
  await cpu.prepare();
  tf.registerBackend(twin.name, () => new MathBackendCPU());
  await tf.setBackend('cpu');
  tf.copyRegisteredKernels('cpu', twin.name);
  const models = [2, 4].map((part) => ({ kind: 'hetconv', part, model: network(part) }));
  request = {
    name: 'tiny',
    models,
    standard: network(),
    images: tf.randomUniform([5, 6, 5, 4], 0, 1, 'float32', 1),
    batch: 2,
  };
});
afterAll(() => tf.removeBackend(twin.name));

it('runs the same models on each backend and gives a complete row for each', async () => {
  const before = tf.memory().numTensors;
  const rows = await benchModel([cpu, twin], request, quick);
  expect(rows.map(({ backend, part }) => [backend, part])).toEqual([
    ['cpu', 2],
    ['cpu', 4],
    ['cpu-twin', 2],
    ['cpu-twin', 4],
  ]);
  for (const row of rows) {
    expect(row).toMatchObject({ model: 'tiny', kind: 'hetconv', batch: 2, rounds: 2, worstDifference: 0 });
    expect(row.macRatio).toBeGreaterThan(1);
    for (const ms of [row.medianMs, row.standardMedianMs, row.firstRunMs, row.standardFirstRunMs])
      expect(ms).toBeGreaterThan(0);
  }
  expect(tf.memory().numTensors).toBe(before);
});

it('refuses to time a network on which backends disagree', async () => {
  const kernel = tf.getKernel('HetConv2D', twin.name);
  const fusedKernel = tf.getKernel('FusedHetConv2D', twin.name);
  tf.unregisterKernel('FusedHetConv2D', twin.name);
  // Wrong on purpose: forgets the bias and the activation.
  tf.registerKernel({
    ...kernel,
    kernelName: 'FusedHetConv2D',
    kernelFunc: ({ inputs, backend, attrs }) => {
      const y = kernel.kernelFunc({ inputs, backend, attrs: attrs ?? {} });
      return Array.isArray(y) ? y : tf.tidy(() => tf.add(tf.engine().makeTensorFromTensorInfo(y), 1));
    },
  });
  await expect(benchModel([cpu, twin], request, quick)).rejects.toThrow(
    /tiny: cpu-twin differs from cpu by .* of the largest output \(hetconv, P=2\)/,
  );
  tf.unregisterKernel('FusedHetConv2D', twin.name);
  tf.registerKernel(fusedKernel);
});
