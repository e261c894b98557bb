import * as tf from '@tensorflow/tfjs-core';
import { fused, hetConv2d, planHetConv, referenceForward, referenceInputGradient } from '@hetconv/core';
import { beforeAll, describe, expect, it } from 'vitest';
import { backend } from '../src/index.ts';
import { operandsOf, tensorsOf } from './cases.ts';

beforeAll(async () => {
  expect(await backend.prepare()).toEqual({ available: true });
  await tf.setBackend('wasm');
});

const REQUEST = { inputShape: [2, 4, 5, 8], outChannels: 12, part: 4, kernelSize: 3, pad: 'same' } as const;

describe('values that are not finite', () => {
  it.each([Infinity, -Infinity, Number.NaN])('a weight of %d does not turn padding into NaN', (bad) => {
    const operands = operandsOf(REQUEST, 'integers');
    const { plan, x, pointwise, spatial, dy } = operands;
    x.fill(2);
    dy.fill(3);
    spatial[5] = bad; // the first tap, which reads padding at the upper left
    pointwise[17] = bad;
    tf.tidy(() => {
      const tensors = tensorsOf(operands);
      const y = hetConv2d(tensors.x, tensors.pointwise, tensors.spatial, REQUEST);
      expect(Array.from(y.dataSync())).toEqual(Array.from(referenceForward(plan, x, pointwise, spatial).values));
      const dx = tf.grad((t) => hetConv2d(t as tf.Tensor4D, tensors.pointwise, tensors.spatial, REQUEST))(
        tensors.x,
        tensors.dy,
      );
      expect(Array.from(dx.dataSync())).toEqual(
        Array.from(referenceInputGradient(plan, dy, pointwise, spatial).values),
      );
    });
  });

  it.each(['linear', 'relu', 'relu6', 'leakyrelu', 'elu', 'sigmoid', 'prelu'] as const)(
    'NaN passes through %s; infinities go where the activation sends them',
    (activation) => {
      tf.tidy(() => {
        const values = [Number.NaN, Infinity, -Infinity, -1, 7];
        const slopes = activation === 'prelu' ? { preluActivationWeights: tf.scalar(0.5) } : {};
        const y = fused.hetConv2d({
          x: tf.tensor4d(values, [1, 5, 1, 1]),
          pointwise: tf.ones<tf.Rank.R4>([1, 1, 1, 1]),
          spatial: tf.zeros([0, 1, 1]),
          part: 1,
          kernelSize: 1,
          pad: 'valid',
          activation,
          leakyreluAlpha: 0.5,
          ...slopes,
        });
        const expected = {
          linear: -Infinity,
          relu: 0,
          relu6: 0,
          leakyrelu: -Infinity,
          elu: -1,
          sigmoid: 0,
          prelu: -Infinity,
        };
        const [nan, positive, negative] = y.dataSync();
        expect(nan).toBeNaN();
        expect(positive).toBe(activation === 'relu6' ? 6 : activation === 'sigmoid' ? 1 : Infinity);
        expect(negative).toBe(expected[activation]);
      });
    },
  );

  it('keeps subnormal products', () => {
    tf.tidy(() => {
      const options = { part: 1, kernelSize: 1, pad: 'valid' } as const;
      const tiny = 2 ** -140;
      expect(planHetConv({ ...options, inputShape: [1, 1, 1, 1], outChannels: 1 }).ringTaps).toBe(0);
      const y = hetConv2d(
        tf.tensor4d([tiny], [1, 1, 1, 1]),
        tf.tensor4d([1], [1, 1, 1, 1]),
        tf.zeros([0, 1, 1]),
        options,
      );
      expect(y.dataSync()[0]).toBe(tiny);
    });
  });
});
