import { createRandom } from '@hetconv/core';
import * as tf from '@tensorflow/tfjs-core';
import fc from 'fast-check';
import { beforeAll, describe, expect, it } from 'vitest';
import type { OptimizerSpec } from '../src/index.ts';
import { createOptimizer } from '../src/optimize/create.ts';
import { useWasm } from './support/training.ts';

beforeAll(useWasm);

const U = 2 ** -24;
const STEPS = 12;
const SIZE = 7;

/** Gradients of one run: the same in the reference and in the optimiser, as float32 values. */
function gradients(seed: string): Float32Array[] {
  const random = createRandom(seed);
  return Array.from({ length: STEPS }, () => Float32Array.from({ length: SIZE }, () => 2 * random.uniform() - 1));
}

interface Run {
  readonly values: number[];
  /** How far float32 may be from it. */
  readonly bound: number;
}

/** torch.optim.SGD in float64, one weight after the other. */
function sgdReference(
  start: Float32Array,
  steps: Float32Array[],
  rate: number,
  momentum: number,
  nesterov: boolean,
  decay: number,
): Run {
  const values = [...start];
  const velocity = values.map(() => 0);
  let [top, fastest] = [0, 0];
  for (const g of steps) {
    values.forEach((w, i) => {
      const decayed = g[i] + decay * w;
      velocity[i] = momentum * velocity[i] + decayed;
      values[i] = w - rate * (nesterov ? decayed + momentum * velocity[i] : velocity[i]);
      fastest = Math.max(fastest, Math.abs(velocity[i]), Math.abs(decayed));
      top = Math.max(top, Math.abs(values[i]), Math.abs(w));
    });
  }
  // a velocity inherits its predecessor's error times momentum, and adds five roundings and the constants' own
  const velocityError = (8 * U * fastest) / (1 - momentum);
  return { values, bound: STEPS * (2 * U * top + 3 * rate * (velocityError + 2 * U * fastest)) };
}

/**
 * torch.optim.AdamW in float64, and beside every value how far float32 may be from it: constants, products and sums round by u
 * each; a mean inherits its predecessor's error; of the variance, a sum of squares, errors are relative, for nothing cancels in it.
 */
function adamReference(
  start: Float32Array,
  steps: Float32Array[],
  rate: number,
  [b1, b2, epsilon]: number[],
  decay: number,
): Run {
  const values = [...start];
  const [m, v, meanError, error] = [0, 1, 2, 3].map(() => values.map(() => 0));
  steps.forEach((g, t) => {
    const [firstBias, secondBias] = [1 - b1 ** (t + 1), 1 - b2 ** (t + 1)];
    values.forEach((w, i) => {
      meanError[i] = b1 * meanError[i] + 3 * U * (b1 * Math.abs(m[i]) + (1 - b1) * Math.abs(g[i]));
      m[i] = b1 * m[i] + (1 - b1) * g[i];
      v[i] = b2 * v[i] + (1 - b2) * g[i] ** 2;
      const deviation = Math.sqrt(v[i] / secondBias) + epsilon;
      const update = (rate * (m[i] / firstBias)) / deviation;
      values[i] = w * (1 - rate * decay) - update;
      const varianceError = 4 * (t + 1) * U;
      error[i] +=
        (rate * meanError[i]) / firstBias / deviation +
        Math.abs(update) * (varianceError / 2 + 8 * U) +
        3 * U * Math.abs(w);
    });
  });
  return { values, bound: Math.max(...error) };
}

/** What the optimiser makes of the same gradients, on the current backend. */
function run(
  spec: OptimizerSpec,
  start: Float32Array,
  steps: Float32Array[],
  rate: number,
  weightDecay: number,
  isDecayed: boolean,
): number[] {
  const variable = tf.variable(tf.tensor1d(start));
  const optimizer = createOptimizer([{ name: 'w', variable, isDecayed }], { optimizer: spec, weightDecay });
  const before = tf.memory().numTensors;
  steps.forEach((g, step) => tf.tidy(() => optimizer.apply([tf.tensor1d(g)], { learningRate: rate, step })));
  expect(tf.memory().numTensors).toBe(before);
  const values = [...variable.dataSync()];
  optimizer.dispose();
  variable.dispose();
  return values;
}

function expectWithin(got: number[], { values, bound }: Run): void {
  const worst = Math.max(...got.map((value, i) => Math.abs(value - values[i])));
  expect(worst).toBeLessThanOrEqual(bound);
  expect(bound).toBeLessThan(1e-3); // or it would say nothing
}

const seeds = fc.string();
const rates = fc.double({ min: 1e-4, max: 0.1, noNaN: true });
const decays = fc.constantFrom(0, 5e-4, 0.1);
const start = Float32Array.from({ length: SIZE }, (_, i) => i / 3 - 1);

describe('optimisers', () => {
  it('SGD follows its float64 reference', () => {
    const momenta = fc.constantFrom(0, 0.5, 0.9);
    fc.assert(
      fc.property(
        seeds,
        rates,
        momenta,
        fc.boolean(),
        decays,
        fc.boolean(),
        (seed, rate, momentum, nesterov, decay, isDecayed) => {
          const steps = gradients(seed);
          const got = run({ kind: 'sgd', momentum, nesterov }, start, steps, rate, decay, isDecayed);
          expectWithin(got, sgdReference(start, steps, rate, momentum, nesterov, isDecayed ? decay : 0));
        },
      ),
      { numRuns: 40 },
    );
  });

  it('Adam follows its float64 reference', () => {
    fc.assert(
      fc.property(
        seeds,
        fc.double({ min: 1e-4, max: 0.01, noNaN: true }),
        decays,
        fc.boolean(),
        (seed, rate, decay, isDecayed) => {
          const steps = gradients(seed);
          const got = run({ kind: 'adam' }, start, steps, rate, decay, isDecayed);
          expectWithin(got, adamReference(start, steps, rate, [0.9, 0.999, 1e-8], isDecayed ? decay : 0));
        },
      ),
      { numRuns: 40 },
    );
  });
});
