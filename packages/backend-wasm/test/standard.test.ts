import * as tf from '@tensorflow/tfjs-core';
import { input, layers, type LayersModel, model, sequential, type SymbolicTensor } from '@tensorflow/tfjs-layers';
import { createRandom } from '@hetconv/core';
import { fuseBatchNormalization } from '@hetconv/layers';
import { beforeAll, describe, expect, it } from 'vitest';
import { backend, registerBatchNormalization, registerConv2D, registerTrainingKernels } from '../src/index.ts';
import { type Draw, expectSameOnBoth } from './same-on-both.ts';

beforeAll(async () => {
  await import('@tensorflow/tfjs-backend-cpu'); // the judge
  expect(await backend.prepare()).toEqual({ available: true });
  registerTrainingKernels();
  registerTrainingKernels();
  registerConv2D();
  registerConv2D();
  registerBatchNormalization();
});

type Pad = 'same' | 'valid';
interface Case {
  readonly x: [number, number, number, number];
  readonly filter: [number, number, number, number];
  readonly stride: number;
  readonly pad: Pad;
}

const CASES: readonly Case[] = [
  { x: [2, 7, 6, 8], filter: [3, 3, 8, 12], stride: 1, pad: 'same' },
  { x: [1, 9, 8, 5], filter: [3, 3, 5, 3], stride: 2, pad: 'same' },
  { x: [3, 5, 5, 3], filter: [5, 2, 3, 7], stride: 1, pad: 'valid' },
  { x: [2, 4, 4, 16], filter: [1, 1, 16, 24], stride: 2, pad: 'same' },
];
const DEPTHWISE: readonly Case[] = [
  { x: [2, 7, 6, 8], filter: [3, 3, 8, 1], stride: 1, pad: 'same' },
  { x: [1, 9, 8, 5], filter: [3, 3, 5, 2], stride: 2, pad: 'same' },
  { x: [1, 8, 8, 12], filter: [5, 3, 12, 3], stride: 1, pad: 'valid' },
];

describe('standard convolutions: what the cpu backend computes, exactly for small integers', () => {
  it.each(CASES)('Conv2D and its gradients: %j', async ({ x, filter, stride, pad }) => {
    await expectSameOnBoth((draw) =>
      valueAndGradients(convolution(tf.conv2d, stride, pad), draw(x), draw(filter), draw),
    );
  });

  it.each(DEPTHWISE)('the gradients of DepthwiseConv2dNative: %j', async ({ x, filter, stride, pad }) => {
    const f = convolution(tf.depthwiseConv2d, stride, pad);
    await expectSameOnBoth((draw) => valueAndGradients(f, draw(x), draw(filter), draw));
  });

  it.each(['linear', 'relu', 'relu6', 'leakyrelu'] as const)('FusedConv2D with bias and %s', async (activation) => {
    await expectSameOnBoth((draw) => [
      tf.fused.conv2d({
        x: draw([2, 6, 5, 7]) as tf.Tensor4D,
        filter: draw([3, 3, 7, 10]) as tf.Tensor4D,
        bias: draw([10]),
        strides: 1,
        pad: 'same',
        activation,
        leakyreluAlpha: 0.5,
      }),
    ]);
  });

  it.each([8, 5])('FusedBatchNorm over %d channels', async (channels) => {
    await tf.setBackend('wasm');
    const random = createRandom('normalization');
    const draw = (size: number, least: number): Float32Array =>
      Float32Array.from({ length: size }, () => least + random.uniform());
    const [x, mean, variance] = [draw(24 * channels, -0.5), draw(channels, -0.5), draw(channels, 0.1)];
    const [offset, scale] = [draw(channels, -0.5), draw(channels, 0.5)];
    const before = tf.engine().backend.numDataIds();
    tf.tidy(() => {
      const image = tf.tensor4d(x, [2, 3, 4, channels]);
      const vectors = [mean, variance, offset, scale].map((values) => tf.tensor1d(values));
      const y = tf.batchNorm4d(image, vectors[0], vectors[1], vectors[2], vectors[3], 1e-3).dataSync();
      const plain = tf.batchNorm4d(image, vectors[0], vectors[1]).dataSync();
      for (let i = 0; i < x.length; i++) {
        const c = i % channels;
        const centred = x[i] - mean[c];
        const factor = scale[c] / Math.sqrt(variance[c] + 1e-3);
        // difference, factor, product and sum are each rounded once
        const bound = 4 * 2 ** -24 * (Math.abs(centred * factor) + Math.abs(offset[c]));
        expect(Math.abs(y[i] - (centred * factor + offset[c]))).toBeLessThanOrEqual(bound);
        expect(plain[i]).toBeCloseTo(centred / Math.sqrt(variance[c] + 1e-3), 5);
      }
    });
    expect(tf.engine().backend.numDataIds()).toBe(before);
  });

  it.each([
    [[3], [4]],
    [
      [1, 1, 1, 5],
      [2, 3, 4, 1],
    ],
    [
      [2, 3, 2],
      [1, 3, 2],
    ],
    [
      [2, 3],
      [2, 1],
    ],
    [
      [2, 3],
      [1, 1],
    ],
    [
      [2, 0],
      [3, 2],
    ],
    [
      [2, 3],
      [0, 2],
    ],
  ])('Tile of %j by %j', async (shape, reps) => {
    await expectSameOnBoth((draw) => {
      const x = draw(shape);
      return [tf.tile(x, reps), tf.tile(tf.cast(x, 'int32'), reps), tf.tile(tf.greater(x, 0), reps)];
    });
  });
});

describe('training on wasm with tf.layers', () => {
  const networks = Object.entries({ vgg, resnet, mobilenet });
  const cases = networks.flatMap(([name, make]) => [false, true].map((fused) => ({ name, make, fused })));
  it.each(cases)('$name, fused normalisation $fused: the loss falls and nothing leaks', async ({ make, fused }) => {
    await tf.setBackend('wasm');
    const net = make();
    if (fused) fuseBatchNormalization(net);
    net.compile({ optimizer: tf.train.momentum(0.02, 0.9), loss: 'categoricalCrossentropy' });
    const random = createRandom('training');
    const xs = tf.tensor4d(
      Float32Array.from({ length: 16 * 16 * 16 * 3 }, () => random.uniform()),
      [16, 16, 16, 3],
    );
    const ys = tf.cast(
      tf.oneHot(
        tf.tensor1d(
          Array.from({ length: 16 }, (__, i) => i % 4),
          'int32',
        ),
        4,
      ),
      'float32',
    );
    const fit = async (epochs: number): Promise<number[]> =>
      (await net.fit(xs, ys, { epochs, batchSize: 8, shuffle: false })).history.loss as number[];
    const losses = await fit(1);
    const before = tf.memory().numTensors;
    losses.push(...(await fit(12)));
    expect(tf.memory().numTensors).toBe(before);
    expect(losses.every(Number.isFinite)).toBe(true);
    expect(Math.min(...losses.slice(-3))).toBeLessThan(losses[0]);
    net.dispose();
    tf.dispose([xs, ys]);
  });
});

function vgg(): LayersModel {
  return sequential({
    layers: [
      layers.conv2d({ inputShape: [16, 16, 3], filters: 8, kernelSize: 3, padding: 'same', activation: 'relu' }),
      layers.batchNormalization(),
      layers.maxPooling2d({ poolSize: 2 }),
      layers.conv2d({ filters: 16, kernelSize: 3, padding: 'same', activation: 'relu' }),
      layers.averagePooling2d({ poolSize: 2 }),
      layers.flatten(),
      layers.dropout({ rate: 0.1, seed: 1 }),
      layers.dense({ units: 4, activation: 'softmax' }),
    ],
  });
}

function resnet(): LayersModel {
  const x = input({ shape: [16, 16, 3] });
  const stem = layers.conv2d({ filters: 8, kernelSize: 3, padding: 'same' }).apply(x) as SymbolicTensor;
  const branch = layers.conv2d({ filters: 16, kernelSize: 3, strides: 2, padding: 'same' }).apply(stem);
  const normal = layers.reLU().apply(layers.batchNormalization().apply(branch)) as SymbolicTensor;
  const shortcut = layers.conv2d({ filters: 16, kernelSize: 1, strides: 2 }).apply(stem) as SymbolicTensor;
  const sum = layers.add().apply([normal, shortcut]);
  const pooled = layers.globalAveragePooling2d({}).apply(sum);
  const y = layers.dense({ units: 4, activation: 'softmax' }).apply(pooled) as SymbolicTensor;
  return model({ inputs: x, outputs: y });
}

function mobilenet(): LayersModel {
  return sequential({
    layers: [
      layers.conv2d({ inputShape: [16, 16, 3], filters: 8, kernelSize: 3, strides: 2, padding: 'same' }),
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

type Binary = (x: tf.Tensor, filter: tf.Tensor) => tf.Tensor;

function convolution(op: typeof tf.conv2d | typeof tf.depthwiseConv2d, stride: number, pad: Pad): Binary {
  return (x, filter) => op(x as tf.Tensor4D, filter as tf.Tensor4D, stride, pad);
}

function valueAndGradients(f: Binary, x: tf.Tensor, filter: tf.Tensor, draw: Draw): tf.Tensor[] {
  const y = f(x, filter);
  return [y, ...tf.grads(f)([x, filter], draw(y.shape))];
}
