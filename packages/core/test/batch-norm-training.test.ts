import '@tensorflow/tfjs-backend-cpu';
import '@tensorflow/tfjs-layers'; // brings the gradients of the stock ops
import * as tf from '@tensorflow/tfjs-core';
import { beforeAll, describe, expect, it } from 'vitest';
import { batchNormTraining, createRandom, InvalidArgumentError } from '../src/index.ts';

beforeAll(() => tf.setBackend('cpu'));

const random = createRandom('batch norm');
const draw = <R extends tf.Rank>(shape: tf.ShapeMap[R]): tf.Tensor<R> =>
  tf.tensor(
    Float32Array.from({ length: tf.util.sizeFromShape(shape) }, () => random.truncatedNormal()),
    shape,
  );

describe('batchNormTraining without kernels of its own', () => {
  it.each([[[12, 5]], [[4, 3, 5]], [[2, 4, 3, 5]]])('is tf.moments and tf.batchNorm: %j', (shape) => {
    tf.tidy(() => {
      const [x, gamma, beta] = [draw(shape as [number, number]), draw<tf.Rank.R1>([5]), draw<tf.Rank.R1>([5])];
      const axes = shape.slice(0, -1).map((_, axis) => axis);
      const stock = (image: tf.Tensor): tf.Tensor => {
        const { mean, variance } = tf.moments(image, axes) as { mean: tf.Tensor1D; variance: tf.Tensor1D };
        return tf.batchNorm(image, mean, variance, beta, gamma, 1e-3);
      };
      const ours = (image: tf.Tensor): tf.Tensor => batchNormTraining(image, { gamma, beta }).y;
      expect(ours(x).dataSync()).toEqual(stock(x).dataSync());
      const dy = draw(shape as [number, number]);
      expect(tf.grad(ours)(x, dy).dataSync()).toEqual(tf.grad(stock)(x, dy).dataSync());
      const { mean, variance } = batchNormTraining(x);
      expect([mean.shape, variance.shape]).toEqual([[5], [5]]);
    });
  });

  it('refuses what it cannot take, by name', () => {
    const x = tf.zeros<tf.Rank.R2>([3, 4]);
    const refused: readonly [() => unknown, string][] = [
      [() => batchNormTraining(tf.zeros([3])), 'x'],
      [() => batchNormTraining(tf.zeros([3, 4], 'int32')), 'x'],
      [() => batchNormTraining(x, { gamma: tf.zeros([3]) }), 'gamma'],
      [() => batchNormTraining(x, { beta: tf.zeros([4, 1]) as unknown as tf.Tensor1D }), 'beta'],
      [() => batchNormTraining(x, { epsilon: -1 }), 'epsilon'],
      [() => batchNormTraining(x, { epsilon: Number.NaN }), 'epsilon'],
    ];
    for (const [call, argument] of refused) {
      expect(call).toThrow(InvalidArgumentError);
      expect(call).toThrow(`batchNormTraining: ${argument} must be`);
    }
  });
});
