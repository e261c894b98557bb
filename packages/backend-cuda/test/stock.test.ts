/**
 * Kernels that move, count or sum, beside those of the cpu backend: bit for bit where nothing is rounded, sums of reals within the
 * bound of their length. Strict: none of them runs on the CPU.
 */
import { createRandom, UNIT_ROUNDOFF } from '@hetconv/core';
import * as tf from '@tensorflow/tfjs-core';
import { describe, expect, it } from 'vitest';
import { expectSameOnCpu, type Draw } from './compare.ts';
import { skipFor, useEmulator } from './emulator.ts';

skipFor(await useEmulator({ memory: 'exact', strict: true }));

const MOVES: Readonly<Record<string, (draw: Draw) => tf.Tensor[]>> = {
  'transpose: any permutation': (draw) => [
    tf.transpose(draw([5, 7])),
    tf.transpose(draw([2, 33, 40]), [0, 2, 1]),
    tf.transpose(draw([2, 3, 4, 5]), [0, 3, 1, 2]),
    tf.transpose(draw([2, 3, 4, 5]), [3, 1, 0, 2]),
    tf.transpose(draw([2, 3, 4, 5]), [1, 0, 2, 3]),
    tf.transpose(draw([1, 3, 1, 5]), [3, 2, 1, 0]),
    tf.transpose(draw([2, 0, 3])),
    tf.transpose(tf.greater(draw([3, 4]), 0)),
  ],
  'slice, reverse, tile, pad': (draw) => [
    tf.slice(draw([4, 5, 6]), [1, 2, 3], [2, 3, 2]),
    tf.slice(draw([4, 5]), [0, 2], [-1, 0]),
    tf.reverse(draw([4, 5, 3]), [0, 2]),
    tf.tile(draw([2, 3]), [2, 3]),
    tf.tile(draw([2, 1, 3]), [1, 4, 2]),
    tf.tile(draw([2, 3]), [0, 2]),
    tf.pad(
      draw([2, 3]),
      [
        [1, 2],
        [0, 1],
      ],
      7,
    ),
    tf.pad(draw([1, 3, 2, 2]), [
      [0, 0],
      [1, 1],
      [2, 0],
      [0, 0],
    ]),
    tf.pad(tf.greater(draw([2]), 0), [[1, 1]], 1),
  ],
  'concat, stack, split, unstack': (draw) => [
    tf.concat([draw([2, 3]), draw([2, 1]), draw([2, 0])], 1),
    tf.concat([draw([1, 3, 2]), draw([4, 3, 2])], 0),
    tf.stack([draw([2, 3]), draw([2, 3])], 1),
    ...tf.split(draw([2, 6, 2]), [1, 2, 3], 1),
    ...tf.unstack(draw([3, 2, 2]), 1),
  ],
  'gather and one-hot': (draw) => {
    const indices = tf.tensor2d([1, 0, 3, 3], [2, 2], 'int32');
    return [
      tf.gather(draw([5, 3]), tf.tensor1d([4, 0, 0, 2], 'int32')),
      tf.gather(draw([2, 5, 3]), indices, 1),
      tf.gather(draw([2, 5, 3]), indices, 1, 1),
      tf.oneHot(tf.tensor1d([0, 2, 5, -1], 'int32'), 4),
      tf.oneHot(tf.tensor2d([[1], [0]], [2, 1], 'int32'), 3, 2, -1, 'float32'),
    ];
  },
  'constants and other shapes': (draw) => [
    tf.zerosLike(draw([2, 3])),
    tf.onesLike(draw([2, 3])),
    tf.fill([2, 2], 3.5),
    tf.fill([3], -2, 'int32'),
    tf.reshape(draw([2, 6]), [3, -1]),
    tf.expandDims(draw([2, 3]), -1),
  ],
};

const SUMS: Readonly<Record<string, (draw: Draw) => tf.Tensor[]>> = {
  'sums over any axes': (draw) => [
    tf.sum(draw([3, 4, 5])),
    tf.sum(draw([3, 4, 5]), 1),
    tf.sum(draw([3, 4, 5]), [0, 2], true),
    tf.sum(draw([7, 3, 65]), [0, 1]),
    tf.sum(draw([2, 3]), []),
    tf.sum(draw([0, 3]), 0),
    tf.sum(draw([5000, 3]), 0), // in chunks
    tf.sum(draw([2, 3000])),
    tf.sum(tf.greater(draw([300]), 0)),
    tf.mean(draw([4, 8, 8, 4]), [1, 2]),
    tf.prod(draw([3, 3]), 0),
  ],
  extremes: (draw) => [
    tf.max(draw([3, 400]), 1),
    tf.min(draw([3, 4, 5]), [0, 1]),
    tf.max(tf.cast(draw([3, 7]), 'int32'), 0),
    tf.all(tf.greater(draw([3, 2]), -3), 1),
    tf.any(tf.greater(draw([3, 2]), 3), 1),
    tf.argMax(draw([4, 600]), 1),
    tf.argMin(draw([4, 5, 3]), 1),
    tf.argMax(draw([5])),
  ],
  'matrix products': (draw) => [
    tf.matMul(draw([5, 7]), draw([7, 6])),
    tf.matMul(draw([7, 5]), draw([7, 6]), true),
    tf.matMul(draw([5, 8]), draw([4, 8]), false, true),
    tf.matMul(draw([8, 5]), draw([6, 8]), true, true),
    tf.matMul(draw([130, 20]), draw([20, 100])),
    tf.matMul(draw([20, 130]), draw([20, 100]), true),
    tf.matMul(draw([130, 21]), draw([101, 21]), false, true),
    tf.matMul(draw([3, 4, 5]), draw([3, 5, 2])),
    tf.matMul(draw([3, 4, 5]), draw([1, 5, 2])),
    tf.matMul(draw([2, 1, 4, 5]), draw([2, 1, 5, 2])),
    tf.matMul(draw([3, 0]), draw([0, 2])),
    tf.dot(draw([40]), draw([40])),
    ...(['linear', 'relu', 'relu6', 'leakyrelu'] as const).map((activation) =>
      tf.fused.matMul({ a: draw([5, 7]), b: draw([7, 6]), bias: draw([6]), activation, leakyreluAlpha: 0.5 }),
    ),
    tf.fused.matMul({ a: draw([5, 7]), b: draw([7, 6]), activation: 'prelu', preluActivationWeights: draw([6]) }),
  ],
};

describe('kernels that round nothing: what the cpu backend has', () => {
  it.each(Object.entries({ ...MOVES, ...SUMS }))('%s', async (_, compute) => {
    await expectSameOnCpu(compute);
  });
});

describe('kernels that round', () => {
  it('sums of reals, within the bound of their length', () => {
    const random = createRandom('sums');
    for (const [length, inner] of [
      [10_000, 3],
      [257, 1],
      [3000, 40],
    ]) {
      const x = Float32Array.from({ length: length * inner }, () => random.truncatedNormal());
      const y = tf.tidy(() => tf.sum(tf.tensor2d(x, [length, inner]), 0).dataSync());
      for (let column = 0; column < inner; column++) {
        const terms = Array.from({ length }, (_, i) => x[i * inner + column]);
        const exact = terms.reduce((sum, term) => sum + term, 0);
        const magnitude = terms.reduce((sum, term) => sum + Math.abs(term), 0);
        expect(Math.abs(y[column] - exact)).toBeLessThanOrEqual((length - 1) * UNIT_ROUNDOFF * magnitude);
      }
    }
  });

  it('softmax and its logarithm', () => {
    const random = createRandom('softmax');
    const [rows, length] = [3, 300];
    const x = Float32Array.from({ length: rows * length }, () => 4 * random.truncatedNormal());
    const [y, log] = tf.tidy(() => {
      const logits = tf.tensor2d(x, [rows, length]);
      return [tf.softmax(logits).dataSync(), tf.logSoftmax(logits).dataSync()];
    });
    for (let row = 0; row < rows; row++) {
      const logits = Array.from(x.subarray(row * length, (row + 1) * length));
      const most = Math.max(...logits);
      const sum = logits.reduce((total, v) => total + Math.exp(v - most), 0);
      for (const [i, v] of logits.entries()) {
        const exact = Math.exp(v - most) / sum;
        // v - most is rounded (error u |v - most|, which exp makes relative), then exp, the sum of `length` terms, and the quotient.
        const relative = (Math.abs(v - most) + 2 * 20 + length + 8) * UNIT_ROUNDOFF;
        expect(Math.abs(y[row * length + i] - exact)).toBeLessThanOrEqual(relative * exact);
        const bound = (2 * Math.abs(v - most) + Math.abs(Math.log(sum)) * 4 + length + 8) * UNIT_ROUNDOFF * 2;
        expect(Math.abs(log[row * length + i] - Math.log(exact))).toBeLessThanOrEqual(bound);
      }
    }
  });

  it('batch normalization with given moments', () => {
    const random = createRandom('normalization');
    const [positions, channels] = [24, 5];
    const draw = (size: number, least: number): Float32Array =>
      Float32Array.from({ length: size }, () => least + random.uniform());
    const [x, mean, variance] = [draw(positions * channels, -0.5), draw(channels, -0.5), draw(channels, 0.1)];
    const [offset, scale] = [draw(channels, -0.5), draw(channels, 0.5)];
    const y = tf.tidy(() => {
      const image = tf.tensor4d(x, [2, 3, 4, channels]);
      const [m, v, o, s] = [mean, variance, offset, scale].map((values) => tf.tensor1d(values));
      return tf.batchNorm4d(image, m, v, o, s, 1e-3).dataSync();
    });
    for (const [i, value] of x.entries()) {
      const c = i % channels;
      const factor = scale[c] / Math.sqrt(variance[c] + 1e-3);
      const exact = (value - mean[c]) * factor + offset[c];
      // variance + epsilon, root, quotient, difference, product and sum are each rounded once; the root halves what came before
      const bound = UNIT_ROUNDOFF * (6 * Math.abs((value - mean[c]) * factor) + 2 * Math.abs(exact));
      expect(Math.abs(y[i] - exact)).toBeLessThanOrEqual(bound);
    }
  });
});

it('an index out of range gives 0', () => {
  const y = tf.tidy(() => {
    const inputs = { x: tf.tensor2d([1, 2, 3, 4], [2, 2]), indices: tf.tensor1d([-1, 1, 2], 'int32') };
    return tf.engine().runKernel<tf.Tensor>('GatherV2', inputs, { axis: 0, batchDims: 0 });
  });
  expect(Array.from(y.dataSync())).toEqual([0, 0, 3, 4, 0, 0]);
  y.dispose();
});
