/**
 * Training on the device, strictly: no kernel runs on the CPU. The weights after five steps are those of the cpu backend, within what
 * rounding does to them.
 */
import { createRandom, UNIT_ROUNDOFF } from '@hetconv/core';
import { HetConv2D } from '@hetconv/layers';
import * as tf from '@tensorflow/tfjs-core';
import { input, type LayersModel, layers, model, sequential, type SymbolicTensor } from '@tensorflow/tfjs-layers';
import { describe, expect, it } from 'vitest';
import { register as registerCpu } from '@hetconv/backend-cpu';
import { useEmulator } from './emulator.ts';

const reason = await useEmulator({ memory: 'pooled', streams: 'deferred' });
const unlessBuilt = reason === undefined ? it : it.skip;

const STEPS = 5;
const BATCH = 4;
const SIDE = 8;

describe('training', () => {
  unlessBuilt.each(Object.entries({ vgg, resnet, mobilenet }))('%s', { timeout: 120_000 }, async (_, make) => {
    registerCpu();
    tf.env().set('CUDA_STRICT', true);
    await tf.setBackend('cpu');
    const plain = await train(make, 0);
    // How far weights move when every one of them is rounded a little more in every step: what the order of sums may do.
    const deviations = [];
    for (const seed of [1, 2, 3]) deviations.push(differences(await train(make, seed), plain));
    await tf.setBackend('cuda');
    const onDevice = await train(make, 0);
    const actual = differences(onDevice, plain);
    for (const [i, difference] of actual.entries()) {
      const largest = Math.max(...deviations.map((deviation) => deviation[i]));
      expect(difference).toBeLessThanOrEqual(2 * largest + 2 * UNIT_ROUNDOFF);
    }
  });
});

/** The weights after some steps. A seed above 0 rounds them up or down by some units in the last place in every step. */
async function train(make: () => LayersModel, seed: number): Promise<Float32Array[]> {
  const net = make();
  fill(net);
  net.compile({ optimizer: tf.train.momentum(0.02, 0.9), loss: 'categoricalCrossentropy', metrics: ['accuracy'] });
  const random = createRandom('images');
  const xs = tf.tensor4d(
    Float32Array.from({ length: BATCH * SIDE * SIDE * 3 }, () => random.uniform() - 0.5),
    [BATCH, SIDE, SIDE, 3],
  );
  const ys = tf.oneHot(tf.tensor1d([0, 1, 2, 3], 'int32'), 4, 1, 0, 'float32');
  const signs = createRandom(`rounding ${seed}`);
  let footprint: readonly number[] | undefined;
  for (let step = 0; step < STEPS; step++) {
    if (seed > 0) perturb(net, () => (signs.uniform() < 0.5 ? -1 : 1));
    await net.fit(xs, ys, { epochs: 1, batchSize: BATCH, shuffle: false });
    const now = [tf.memory().numTensors, tf.memory().numBytes, tf.engine().backend.numDataIds()];
    footprint ??= now; // after the first step, in which the optimizer makes its own
    expect(now).toEqual(footprint);
  }
  const weights = await Promise.all(net.weights.map(async (weight) => (await weight.read().data()) as Float32Array));
  const { optimizer } = net;
  net.dispose();
  optimizer.dispose();
  tf.dispose([xs, ys]);
  return weights.map((values) => Float32Array.from(values));
}

/** A sum is rounded at every term, and most of that cancels: a few roundings are what is left. */
const ROUNDINGS = 4;

function perturb(net: LayersModel, sign: () => number): void {
  for (const weight of net.trainableWeights) {
    const values = weight.read().dataSync() as Float32Array;
    const moved = values.map((value) => value * (1 + sign() * ROUNDINGS * UNIT_ROUNDOFF));
    const tensor = tf.tensor(moved, weight.read().shape);
    weight.write(tensor);
    tensor.dispose();
  }
}

/** The same weights on every backend, scaled by the fan-in. */
function fill(net: LayersModel): void {
  const random = createRandom('weights');
  for (const weight of net.trainableWeights) {
    const { shape } = weight.read();
    if (shape.length < 2) continue;
    const scale = Math.sqrt(2 / tf.util.sizeFromShape(shape.slice(0, -1)));
    const values = Float32Array.from({ length: tf.util.sizeFromShape(shape) }, () => scale * random.truncatedNormal());
    const tensor = tf.tensor(values, shape);
    weight.write(tensor);
    tensor.dispose();
  }
}

/** Euclidean distance of each tensor, relative to its length (or to 1, where it is shorter). */
function differences(a: readonly Float32Array[], b: readonly Float32Array[]): number[] {
  return a.map((values, i) => {
    const distance = Math.hypot(...values.map((value, j) => value - b[i][j]));
    return distance / Math.max(1, Math.hypot(...b[i]));
  });
}

const het = (filters: number, part: number, strides = 1): HetConv2D =>
  new HetConv2D({ filters, part, kernelSize: 3, strides, padding: 'same', useBias: false });

function vgg(): LayersModel {
  return sequential({
    layers: [
      layers.conv2d({ inputShape: [SIDE, SIDE, 3], filters: 8, kernelSize: 3, padding: 'same', activation: 'relu' }),
      layers.batchNormalization(),
      het(16, 4),
      layers.batchNormalization(),
      layers.reLU(),
      layers.maxPooling2d({ poolSize: 2 }),
      het(16, 8),
      layers.averagePooling2d({ poolSize: 2 }),
      layers.flatten(),
      layers.dropout({ rate: 0.2, seed: 1 }),
      layers.dense({ units: 4, activation: 'softmax' }),
    ],
  });
}

function resnet(): LayersModel {
  const x = input({ shape: [SIDE, SIDE, 3] });
  const stem = layers.conv2d({ filters: 8, kernelSize: 3, padding: 'same', useBias: false }).apply(x) as SymbolicTensor;
  const branch = het(16, 4, 2).apply(stem);
  const normal = layers.reLU().apply(layers.batchNormalization().apply(branch)) as SymbolicTensor;
  const second = layers.batchNormalization().apply(het(16, 16).apply(normal)) as SymbolicTensor;
  const shortcut = layers.conv2d({ filters: 16, kernelSize: 1, strides: 2 }).apply(stem) as SymbolicTensor;
  const sum = layers.reLU().apply(layers.add().apply([second, shortcut]));
  const y = layers.dense({ units: 4, activation: 'softmax' }).apply(layers.globalAveragePooling2d({}).apply(sum));
  return model({ inputs: x, outputs: y as SymbolicTensor });
}

function mobilenet(): LayersModel {
  return sequential({
    layers: [
      layers.conv2d({ inputShape: [SIDE, SIDE, 3], filters: 8, kernelSize: 3, strides: 2, padding: 'same' }),
      layers.depthwiseConv2d({ kernelSize: 3, padding: 'same' }),
      layers.batchNormalization(),
      layers.reLU({ maxValue: 6 }),
      layers.conv2d({ filters: 16, kernelSize: 1 }),
      layers.separableConv2d({ filters: 8, kernelSize: 3, depthMultiplier: 2 }),
      layers.globalMaxPooling2d({}),
      layers.dense({ units: 4, activation: 'softmax' }),
    ],
  });
}
