/** Stock convolutions and pools with their gradients: the cpu backend's integers bit for bit, reals within the bound of their length. */
import {
  createRandom,
  errorBound,
  planHetConv,
  referenceForward,
  referenceInputGradient,
  referencePointwiseGradient,
} from '@hetconv/core';
import '@tensorflow/tfjs-layers'; // registers tfjs's gradients
import * as tf from '@tensorflow/tfjs-core';
import { describe, expect, it } from 'vitest';
import { expectSameOnCpu, type Draw } from './compare.ts';
import { skipFor, useEmulator } from './emulator.ts';

skipFor(await useEmulator({ memory: 'exact', strict: true }));

interface Case {
  readonly x: [number, number, number, number];
  readonly filter: [number, number, number, number];
  readonly stride: number;
  readonly pad: 'same' | 'valid';
}

const DENSE: readonly Case[] = [
  { x: [2, 7, 6, 8], filter: [3, 3, 8, 12], stride: 1, pad: 'same' },
  { x: [1, 9, 8, 5], filter: [3, 3, 5, 3], stride: 2, pad: 'same' },
  { x: [3, 5, 5, 3], filter: [5, 2, 3, 7], stride: 1, pad: 'valid' },
  { x: [2, 4, 4, 16], filter: [1, 1, 16, 24], stride: 2, pad: 'same' },
  { x: [1, 12, 12, 64], filter: [3, 3, 64, 96], stride: 1, pad: 'same' }, // the larger tiles
  { x: [3, 12, 12, 3], filter: [3, 3, 3, 8], stride: 1, pad: 'same' }, // positions in chunks
];

const DEPTHWISE: readonly Case[] = [
  { x: [2, 7, 6, 8], filter: [3, 3, 8, 1], stride: 1, pad: 'same' },
  { x: [1, 9, 8, 5], filter: [3, 3, 5, 2], stride: 2, pad: 'same' },
  { x: [1, 8, 8, 40], filter: [5, 3, 40, 3], stride: 1, pad: 'valid' },
  { x: [3, 20, 20, 4], filter: [3, 3, 4, 1], stride: 1, pad: 'same' }, // positions in chunks
];

describe('convolutions of small integers', () => {
  it.each(DENSE)('Conv2D and its gradients: %j', async ({ x, filter, stride, pad }) => {
    const f = (a: tf.Tensor, b: tf.Tensor): tf.Tensor => tf.conv2d(a as tf.Tensor4D, b as tf.Tensor4D, stride, pad);
    await expectSameOnCpu((draw) => valueAndGradients(f, draw(x), draw(filter), draw));
  });

  it.each(DEPTHWISE)('DepthwiseConv2dNative and its gradients: %j', async ({ x, filter, stride, pad }) => {
    const f = (a: tf.Tensor, b: tf.Tensor): tf.Tensor =>
      tf.depthwiseConv2d(a as tf.Tensor4D, b as tf.Tensor4D, stride, pad);
    await expectSameOnCpu((draw) => valueAndGradients(f, draw(x), draw(filter), draw));
  });

  it('dilated', async () => {
    await expectSameOnCpu((draw) => [
      tf.conv2d(draw([1, 8, 7, 4]) as tf.Tensor4D, draw([3, 3, 4, 5]) as tf.Tensor4D, 1, 'same', 'NHWC', 2),
      tf.depthwiseConv2d(draw([1, 8, 7, 4]) as tf.Tensor4D, draw([3, 3, 4, 1]) as tf.Tensor4D, 1, 'same', 'NHWC', 2),
    ]);
  });

  it.each(['linear', 'relu', 'relu6', 'leakyrelu', 'prelu'] as const)('fused, %s', async (activation) => {
    await expectSameOnCpu((draw) => {
      const common = { strides: 1, pad: 'same', activation, leakyreluAlpha: 0.5 } as const;
      const x = draw([2, 6, 5, 7]) as tf.Tensor4D;
      const filter = draw([3, 3, 7, 10]) as tf.Tensor4D;
      const perChannel = draw([3, 3, 7, 2]) as tf.Tensor4D;
      const slopes = (channels: number): object =>
        activation === 'prelu' ? { preluActivationWeights: draw([channels]) } : {};
      return [
        tf.fused.conv2d({ x, filter, bias: draw([10]), ...common, ...slopes(10) }),
        tf.fused.depthwiseConv2d({ x, filter: perChannel, bias: draw([14]), ...common, ...slopes(14) }),
      ];
    });
  });
});

describe('pools', () => {
  const POOLS: readonly (readonly [string, [number, number, number, number], number, number, 'same' | 'valid'])[] = [
    ['2x2', [2, 6, 8, 5], 2, 2, 'valid'],
    ['3x3 that overlap and hang over', [1, 7, 6, 3], 3, 2, 'same'],
    ['3x3, stride 1', [2, 5, 5, 4], 3, 1, 'same'],
  ];

  it.each(POOLS)('%s and its gradient', async (_, shape, size, stride, pad) => {
    const average = (x: tf.Tensor): tf.Tensor => tf.avgPool(x as tf.Tensor4D, size, stride, pad);
    const max = (x: tf.Tensor): tf.Tensor => tf.maxPool(x as tf.Tensor4D, size, stride, pad);
    await expectSameOnCpu((draw) => {
      const y = max(draw(shape));
      return [y, tf.grad(max)(draw(shape), draw(y.shape))];
    });
    // Sums of integers are exact, the quotient is rounded once: the same on both. Of the gradient tfjs multiplies by a rounded 1/n.
    await expectSameOnCpu((draw) => [average(draw(shape))]);
    await expectSameOnCpu((draw) => {
      const x = draw(shape);
      return [tf.round(tf.mul(tf.grad(average)(x, draw(average(x).shape)), size * size))];
    });
  });
});

describe('convolutions of reals', () => {
  it.each(DENSE.filter(({ filter }) => filter[0] === 1 || filter[0] === 3).slice(0, 4))(
    'forward and both gradients: %j',
    ({ x, filter, stride, pad }) => {
      const plan = planHetConv({
        inputShape: x,
        outChannels: filter[3],
        part: 1,
        kernelSize: [filter[0], filter[1]],
        strides: stride,
        pad,
      });
      const random = createRandom('reals');
      const draw = (size: number): Float32Array => Float32Array.from({ length: size }, () => random.truncatedNormal());
      const values = draw(tf.util.sizeFromShape(x));
      const weights = draw(tf.util.sizeFromShape(filter));
      const matrix = filter[2] * filter[3];
      const anchor = (plan.anchorRow * filter[1] + plan.anchorCol) * matrix;
      const pointwise = weights.subarray(anchor, anchor + matrix);
      const spatial = Float32Array.from([...weights.subarray(0, anchor), ...weights.subarray(anchor + matrix)]);
      const dy = draw(plan.batch * plan.outHeight * plan.outWidth * plan.outChannels);
      const f = (a: tf.Tensor, b: tf.Tensor): tf.Tensor => tf.conv2d(a as tf.Tensor4D, b as tf.Tensor4D, stride, pad);
      const [y, dx, dw] = tf.tidy(() => {
        const inputs = [tf.tensor(values, x), tf.tensor(weights, filter)];
        const result = f(inputs[0], inputs[1]);
        const gradients = tf.grads(f)(inputs, tf.tensor(dy, result.shape));
        return [result, ...gradients].map((tensor) => tensor.dataSync());
      });
      expectWithin(y, referenceForward(plan, values, pointwise, spatial));
      expectWithin(dx, referenceInputGradient(plan, dy, pointwise, spatial));
      expectWithin(dw.subarray(anchor, anchor + matrix), referencePointwiseGradient(plan, values, dy));
    },
  );
});

function valueAndGradients(
  f: (x: tf.Tensor, filter: tf.Tensor) => tf.Tensor,
  x: tf.Tensor,
  filter: tf.Tensor,
  draw: Draw,
): tf.Tensor[] {
  const y = f(x, filter);
  return [y, ...tf.grads(f)([x, filter], draw(y.shape))];
}

function expectWithin(
  actual: ArrayLike<number>,
  { values, magnitudes, terms }: ReturnType<typeof referenceForward>,
): void {
  expect(actual.length).toBe(values.length);
  for (const [i, expected] of values.entries()) {
    expect(Math.abs(actual[i] - expected)).toBeLessThanOrEqual(errorBound(terms[i], magnitudes[i]));
  }
}
