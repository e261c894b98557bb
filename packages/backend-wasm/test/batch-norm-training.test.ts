import * as tf from '@tensorflow/tfjs-core';
import '@tensorflow/tfjs-layers'; // brings the gradients of the stock ops
import { batchNormTraining, createRandom } from '@hetconv/core';
import { beforeAll, describe, expect, it } from 'vitest';
import { backend, registerTrainingKernels } from '../src/index.ts';
import { runtimeOf } from '../src/host/runtime.ts';
import type { BackendWasm } from '@tensorflow/tfjs-backend-wasm';
import { oracle, type Problem, type Result, worst } from './batch-norm-oracle.ts';

beforeAll(async () => {
  expect(await backend.prepare()).toEqual({ available: true });
  registerTrainingKernels();
  await tf.setBackend('wasm');
});

const SHAPES: readonly number[][] = [
  [4, 6, 5, 8],
  [2, 5, 7, 6],
  [3, 3, 3, 35], // two chunks of 4 quads, one quad, one ragged
  [2, 3, 3, 1],
  [6, 5, 3],
  [64, 10],
  [1, 4],
  [8, 32, 32, 16],
];

/** `level`: how far the means are from 0, in standard deviations. */
function problem(shape: readonly number[], level: number): Problem {
  const channels = shape[shape.length - 1];
  const rows = tf.util.sizeFromShape([...shape]) / channels;
  const random = createRandom(`batch norm ${shape.join()} ${level}`);
  const draw = (size: number, centre = 0): Float32Array =>
    Float32Array.from({ length: size }, () => centre + random.truncatedNormal());
  return {
    rows,
    channels,
    x: draw(rows * channels, level),
    gamma: draw(channels, 1),
    beta: draw(channels),
    epsilon: 1e-5,
    dy: draw(rows * channels),
    dMean: draw(channels),
    dVariance: draw(channels),
  };
}

const weighted = (tensor: tf.Tensor, weights: Float32Array): tf.Tensor =>
  tf.sum(tf.mul(tensor, tf.tensor(weights, tensor.shape)));
const values = (tensor: tf.Tensor): Float32Array => tensor.dataSync<'float32'>();
const normalize = (image: tf.Tensor): tf.Tensor => batchNormTraining(image).y;

/** All six results from one tape. */
function compute(shape: readonly number[], given: Problem): Record<Result, Float32Array> {
  const { x, gamma, beta, epsilon, dy, dMean, dVariance } = given;
  return tf.tidy(() => {
    const inputs = [tf.tensor(x, [...shape]), tf.tensor1d(gamma), tf.tensor1d(beta)] as const;
    const forward = batchNormTraining(inputs[0], { gamma: inputs[1], beta: inputs[2], epsilon });
    const [dx, dGamma, dBeta] = tf.grads((...[image, scale, shift]) => {
      const { y, mean, variance } = batchNormTraining(image, {
        gamma: scale as tf.Tensor1D,
        beta: shift as tf.Tensor1D,
        epsilon,
      });
      return tf.addN([weighted(y, dy), weighted(mean, dMean), weighted(variance, dVariance)]);
    })([...inputs]);
    return {
      y: values(forward.y),
      mean: values(forward.mean),
      variance: values(forward.variance),
      dx: values(dx),
      dGamma: values(dGamma),
      dBeta: values(dBeta),
    };
  });
}

describe('batchNormTraining on wasm', () => {
  it.each(SHAPES.flatMap((shape) => [0, 1000].map((level) => ({ shape, level }))))(
    'is within its bound of float64: %j',
    ({ shape, level }) => {
      const given = problem(shape, level);
      const expected = oracle(given);
      const before = [tf.memory().numTensors, tf.engine().backend.numDataIds()];
      const actual = compute(shape, given);
      expect([tf.memory().numTensors, tf.engine().backend.numDataIds()]).toEqual(before);
      const names = Object.keys(actual) as Result[];
      expect(names.filter((name) => !(worst(actual[name], expected[name]) <= 1))).toEqual([]);
    },
  );

  it('gives beta where a channel is constant, and 1 and 0 for weights that are not given', () => {
    tf.tidy(() => {
      const x = tf.fill([7, 3, 5], 0.1);
      const { y, mean, variance } = batchNormTraining(x, { beta: tf.tensor1d([1, 2, 3, 4, 5]) });
      expect(Array.from(y.dataSync().subarray(0, 5))).toEqual([1, 2, 3, 4, 5]);
      expect(Array.from(mean.dataSync())).toEqual(Array.from({ length: 5 }, () => Math.fround(0.1)));
      expect(Math.max(...variance.dataSync())).toBeLessThan(2 ** -90);
      const plain = batchNormTraining(tf.tensor2d([1, 3], [2, 1]), { epsilon: 0 });
      expect(Array.from(plain.y.dataSync())).toEqual([-1, 1]);
    });
  });

  it('keeps NaN and infinities to their channel, as the stock kernels do', async () => {
    await import('@tensorflow/tfjs-backend-cpu');
    const x = Float32Array.from({ length: 60 }, (_, i) => i % 7);
    [x[0], x[6], x[12]] = [Number.NaN, Infinity, -Infinity];
    const kinds: string[][] = [];
    for (const name of ['cpu', 'wasm']) {
      await tf.setBackend(name);
      tf.tidy(() => {
        const image = tf.tensor(x, [2, 6, 5]);
        const results = [normalize(image), tf.grad(normalize)(image, tf.ones([2, 6, 5]))];
        kinds.push(
          results.flatMap((tensor) => Array.from(tensor.dataSync(), (value) => String(Number.isFinite(value)))),
        );
      });
    }
    expect(kinds[1]).toEqual(kinds[0]);
    expect(kinds[1]).toContain('true');
    expect(kinds[1]).toContain('false');
  });

  it('neither leaks nor grows over 2000 steps', () => {
    const given = problem([4, 6, 5, 6], 0);
    compute([4, 6, 5, 6], given);
    const wasm = tf.backend() as BackendWasm;
    const state = (): number[] => [
      tf.memory().numTensors,
      wasm.numDataIds(),
      runtimeOf(wasm).host.memory.buffer.byteLength,
    ];
    const before = state();
    for (let i = 0; i < 2000; i++) compute([4, 6, 5, 6], given);
    expect(state()).toEqual(before);
  });
});
