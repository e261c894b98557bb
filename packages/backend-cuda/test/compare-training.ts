/**
 * The same training on cpu and on cuda. The weights afterwards must be those of the cpu backend,
 * within what rounding does to them.
 */
import { register as registerCpu } from '@hetconv/backend-cpu';
import { createRandom, UNIT_ROUNDOFF } from '@hetconv/core';
import * as tf from '@tensorflow/tfjs-core';
import type { LayersModel } from '@tensorflow/tfjs-layers';
import { expect } from 'vitest';

export interface TrainingCase {
  readonly make: () => LayersModel;
  /** Of the square images, which have three channels. */
  readonly side: number;
  readonly batch: number;
  readonly steps: number;
  readonly classes: number;
  /** How many times the cpu backend trains with weights that are moved by rounding, to see how much that matters. */
  readonly perturbed: number;
  /** Gives the weights seeded values; models of the zoo have theirs. */
  readonly fill: boolean;
}

export async function expectSameTraining(test: TrainingCase): Promise<void> {
  registerCpu();
  await tf.setBackend('cpu');
  const plain = await train(test, 0);
  // How far weights move when every one of them is rounded a little more in every step: what the order of sums may do.
  const deviations: number[][] = [];
  for (let seed = 1; seed <= test.perturbed; seed++) deviations.push(differences(await train(test, seed), plain));
  await tf.setBackend('cuda');
  const actual = differences(await train(test, 0), plain);
  for (const [i, difference] of actual.entries()) {
    const largest = Math.max(...deviations.map((deviation) => deviation[i]));
    expect(difference).toBeLessThanOrEqual(2 * largest + 2 * UNIT_ROUNDOFF);
  }
}

/** The weights after the steps. A seed above 0 rounds them up or down by some units in the last place in every step. */
async function train({ make, side, batch, steps, classes, fill }: TrainingCase, seed: number): Promise<Float32Array[]> {
  const net = make();
  if (fill) fillWeights(net);
  net.compile({ optimizer: tf.train.momentum(0.02, 0.9), loss: 'categoricalCrossentropy', metrics: ['accuracy'] });
  const random = createRandom('images');
  const xs = tf.tensor4d(
    Float32Array.from({ length: batch * side * side * 3 }, () => random.uniform() - 0.5),
    [batch, side, side, 3],
  );
  const labels = Array.from({ length: batch }, (_, i) => i % classes);
  const ys = tf.tidy(() => tf.oneHot(tf.tensor1d(labels, 'int32'), classes, 1, 0, 'float32'));
  const signs = createRandom(`rounding ${seed}`);
  let footprint: readonly number[] | undefined;
  for (let step = 0; step < steps; step++) {
    if (seed > 0) perturb(net, () => (signs.uniform() < 0.5 ? -1 : 1));
    await net.fit(xs, ys, { epochs: 1, batchSize: batch, shuffle: false });
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
function fillWeights(net: LayersModel): void {
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
    const distance = norm(values.map((value, j) => value - b[i][j]));
    return distance / Math.max(1, norm(b[i]));
  });
}

function norm(values: Float32Array): number {
  return Math.sqrt(values.reduce((sum, value) => sum + value * value, 0));
}
