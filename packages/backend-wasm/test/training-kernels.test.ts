import * as tf from '@tensorflow/tfjs-core';
import '@tensorflow/tfjs-layers'; // brings the gradients of the stock ops
import { beforeAll, describe, expect, it } from 'vitest';
import { backend, registerTrainingKernels } from '../src/index.ts';
import { expectSameOnBoth } from './same-on-both.ts';

beforeAll(async () => {
  await import('@tensorflow/tfjs-backend-cpu'); // the judge
  expect(await backend.prepare()).toEqual({ available: true });
  registerTrainingKernels();
});

const BOXES: readonly { shape: number[]; begin: number[]; size: number[] }[] = [
  { shape: [5], begin: [1], size: [3] },
  { shape: [4, 7], begin: [1, 0], size: [2, 7] },
  { shape: [4, 7], begin: [0, 2], size: [4, 3] },
  { shape: [3, 4, 9], begin: [1, 1, 1], size: [2, 2, 6] },
  { shape: [6, 2, 5, 4], begin: [0, 0, 0, 0], size: [6, 1, 5, 4] },
  { shape: [2, 3, 5, 4], begin: [1, 0, 2, 1], size: [1, 3, 2, 3] },
  { shape: [2, 2, 3, 2, 4], begin: [0, 1, 0, 1, 0], size: [2, 1, 2, 1, 4] },
  { shape: [3, 4], begin: [1, 2], size: [0, 2] },
];

describe('Slice and PadV2', () => {
  it.each(BOXES)('cut out and put back: %j', async ({ shape, begin, size }) => {
    const paddings = shape.map((side, axis): [number, number] => [begin[axis], side - begin[axis] - size[axis]]);
    await expectSameOnBoth((draw) => {
      const x = draw(shape);
      const part = draw(size);
      const float = [tf.slice(x, begin, size), tf.pad(part, paddings), tf.pad(part, paddings, -2.5)];
      const [whole, small] = [tf.cast(x, 'int32'), tf.cast(part, 'int32')];
      const integer = [tf.slice(whole, begin, size), tf.pad(small, paddings, 3)];
      const bool = [tf.slice(tf.greater(x, 0), begin, size)];
      const gradients = [
        tf.grad((y) => tf.slice(y, begin, size))(x, part),
        tf.grad((y) => tf.pad(y, paddings))(part, x),
      ];
      return [...float, ...integer, ...bool, ...gradients];
    });
  });

  it('refuse a slice that lies outside', async () => {
    await tf.setBackend('wasm');
    const x = tf.zeros([2, 2]);
    expect(() => tf.slice(x, [1, 1], [2, 1])).toThrow(/begin\[0\] \+ size\[0\]/);
    x.dispose();
  });
});

describe('SplitV and Concat', () => {
  it.each([
    { shape: [7], axis: 0, sizes: [3, 4] },
    { shape: [2, 3, 4, 12], axis: 3, sizes: [4, 4, 4] },
    { shape: [2, 3, 4, 7], axis: -1, sizes: [1, 5, 1] },
    { shape: [2, 6, 5], axis: 1, sizes: [2, 0, 4] },
  ])('take apart and join: %j', async ({ shape, axis, sizes }) => {
    await expectSameOnBoth((draw) => {
      const x = draw(shape);
      const parts = tf.split(x, sizes, axis);
      const integers = tf.split(tf.cast(x, 'int32'), sizes, axis);
      const swapped = parts.toReversed();
      const join = (y: tf.Tensor): tf.Tensor => tf.concat(tf.split(y, sizes, axis).toReversed(), axis);
      return [
        ...parts,
        ...integers,
        tf.concat(swapped, axis),
        tf.concat(integers, axis),
        tf.grad(join)(x, draw(shape)),
      ];
    });
  });
});

describe('BatchMatMul', () => {
  it.each([
    [16, 5, 7],
    [33, 64, 10],
    [40, 1, 9],
    [3, 8, 4],
  ])('%d rows, inner %d, %d columns, and its gradients', async (rows, inner, columns) => {
    await expectSameOnBoth((draw) => {
      const [a, b, dy] = [draw([rows, inner]), draw([inner, columns]), draw([rows, columns])];
      const products = [
        tf.matMul(a, b),
        tf.matMul(tf.transpose(a), b, true),
        tf.matMul(a, tf.transpose(b), false, true),
        tf.matMul(tf.transpose(a), tf.transpose(b), true, true),
        tf.matMul(tf.reshape(a, [1, rows, inner]), tf.reshape(b, [1, inner, columns])),
        tf.matMul(draw([2, rows, inner]), draw([2, inner, columns])),
      ];
      return [...products, ...tf.grads((p: tf.Tensor, q: tf.Tensor) => tf.matMul(p, q))([a, b], dy)];
    });
  });
});

describe('MaxPoolGrad', () => {
  it.each([
    { shape: [3, 8, 6, 8], size: 2, strides: 2, pad: 'valid' },
    { shape: [2, 7, 5, 6], size: 2, strides: 2, pad: 'same' },
    { shape: [2, 9, 8, 3], size: 3, strides: 2, pad: 'same' },
    { shape: [1, 6, 7, 5], size: 3, strides: 1, pad: 'same' },
    { shape: [1, 9, 9, 4], size: 2, strides: 3, pad: 'valid' },
    { shape: [1, 8, 8, 4], size: 6, strides: 1, pad: 'same' },
    { shape: [2, 5, 7, 1], size: 5, strides: 5, pad: 1 },
  ] as const)('gives dy to the first maximum of each window: %j', async ({ shape, size, strides, pad }) => {
    const rounding = pad === 1 ? 'floor' : undefined;
    const pool = (x: tf.Tensor): tf.Tensor => tf.maxPool(x as tf.Tensor4D, size, strides, pad, rounding);
    await expectSameOnBoth((draw) => {
      const x = draw([...shape]);
      return [tf.grad(pool)(x, draw(tf.tidy(() => pool(x).shape)))];
    });
  });
});

describe('Relu', () => {
  it('has the gradient of the stock kernels, NaN and infinities included', async () => {
    await expectSameOnBoth((draw) => {
      const x = tf.tensor1d([Number.NaN, Infinity, -Infinity, 0, -0, 1, -1, 1e-40, -1e-40, 5]);
      const dy = tf.tensor1d([1, 2, 3, 4, 5, Infinity, Infinity, 6, 7, Number.NaN]);
      return [tf.grad(tf.relu<tf.Tensor>)(x, dy), tf.grad(tf.relu<tf.Tensor>)(draw([3, 4, 5, 7]), draw([3, 4, 5, 7]))];
    });
  });
});

describe('Identity and Cast to the same type', () => {
  it('share the data, and free it with the last tensor', async () => {
    await tf.setBackend('wasm');
    const before = tf.engine().backend.numDataIds();
    const x = tf.tensor1d([1, 2, 3]);
    const [copy, cast] = [tf.clone(x), tf.cast(x, 'float32')];
    expect(tf.engine().backend.numDataIds()).toBe(before + 1);
    x.dispose();
    copy.dispose();
    expect(Array.from(cast.dataSync())).toEqual([1, 2, 3]);
    cast.dispose();
    expect(tf.engine().backend.numDataIds()).toBe(before);
  });

  it('leave a copy alone when a variable is assigned to', async () => {
    await tf.setBackend('wasm');
    const variable = tf.variable(tf.tensor1d([1, 2]));
    const copy = variable.clone();
    tf.tidy(() => variable.assign(tf.tensor1d([3, 4])));
    expect(Array.from(copy.dataSync())).toEqual([1, 2]);
    expect(Array.from(variable.dataSync())).toEqual([3, 4]);
    tf.dispose([variable, copy]);
  });

  it('convert types as before', async () => {
    await expectSameOnBoth((draw) => [
      tf.cast(tf.mul(draw([9]), 0.5), 'int32'),
      tf.cast(tf.cast(draw([9]), 'int32'), 'float32'),
      tf.cast(tf.greater(draw([9]), 0), 'float32'),
      tf.cast(tf.greater(draw([9]), 0), 'bool'),
    ]);
  });
});
