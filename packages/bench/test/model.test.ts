import { backend as cpu } from '@hetconv/backend-cpu';
import { type BackendProvider, composedKernels, HE_UNIFORM } from '@hetconv/core';
import { hetConv2d, seededInitializer } from '@hetconv/layers';
import { MathBackendCPU } from '@tensorflow/tfjs-backend-cpu';
import * as tf from '@tensorflow/tfjs-core';
import { layers, type LayersModel, sequential } from '@tensorflow/tfjs-layers';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { accuracyOf } from '../src/accuracy.ts';
import { benchModel, type ModelOutputs, type ModelRequest } from '../src/index.ts';

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

/** The class that it gives each image. */
function classesOf(model: LayersModel): Int32Array {
  return tf.tidy(() => tf.argMax(model.predict(request.images) as tf.Tensor2D, 1).dataSync<'int32'>());
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

describe('labels', () => {
  it('give the accuracy on each backend, of the outputs that are compared', async () => {
    const classes = classesOf(request.models[0].model);
    const labels = classes.map((label, i) => (i < 2 ? (label + 1) % 3 : label));
    const standardAccuracy = classesOf(request.standard).filter((label, i) => label === labels[i]).length / 5;
    const outputs: ModelOutputs[] = [];
    const onReference = (reference: ModelOutputs): void => void outputs.push(reference);
    const rows = await benchModel([cpu, twin], { ...request, labels }, { ...quick, onReference });
    for (const row of rows.filter(({ part }) => part === 2))
      expect(row).toMatchObject({ accuracy: 3 / 5, standardAccuracy, labelled: 5 });
    expect(outputs.map(({ backend }) => backend)).toEqual(['cpu']);
    expect(accuracyOf(outputs[0].outputs[1], labels)).toBe(3 / 5);
  });

  it.each<[string, number[], RegExp]>([
    ['too few', [0, 1], /labels\.length must be the number of images, 5, but was 2/],
    ['of no class', [0, 1, 2, 3, 0], /labels\[3\] must be an integer from 0 to 2, but was 3/],
  ])('are refused: %s', async (_what, labels, message) => {
    await expect(benchModel([cpu], { ...request, labels }, quick)).rejects.toThrow(message);
  });

  it('count the first of equal outputs, and nothing where there is no number', () => {
    const outputs = Float32Array.of(1, 1, 0, NaN, NaN, NaN, NaN, 0, 2);
    expect(accuracyOf(outputs, [0, 0, 2])).toBeCloseTo(2 / 3, 12);
    expect(accuracyOf(outputs, [1, 1, 1])).toBe(0);
  });
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
