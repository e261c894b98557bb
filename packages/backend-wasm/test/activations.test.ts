import * as tf from '@tensorflow/tfjs-core';
import { type Activation, fused, UNIT_ROUNDOFF } from '@hetconv/core';
import { beforeAll, describe, expect, it } from 'vitest';
import { backend } from '../src/index.ts';

beforeAll(async () => {
  expect(await backend.prepare()).toEqual({ available: true });
  await tf.setBackend('wasm');
});

/** Values of every size that matters: around 0, around the ends of exp, subnormal, zero. */
function sweep(): number[] {
  const values = [0, 1e-45, -1e-45, 1e-30, -1e-30];
  for (let exponent = -30; exponent <= 7; exponent++) {
    for (let step = 0; step < 16; step++) {
      const size = 2 ** exponent * (1 + step / 16);
      values.push(size, -size);
    }
  }
  return values.map(Math.fround);
}

const CURVES: Record<Exclude<Activation, 'prelu'>, (v: number) => number> = {
  linear: (v) => v,
  relu: (v) => Math.max(0, v),
  relu6: (v) => Math.min(6, Math.max(0, v)),
  leakyrelu: (v) => (v < 0 ? Math.fround(0.3) * v : v),
  elu: (v) => (v < 0 ? Math.expm1(v) : v),
  sigmoid: (v) => 1 / (1 + Math.exp(-v)),
};

// One channel, and channel counts that leave lanes over.
describe.each([1, 3, 4, 6])('activations over %d channels', (channels) => {
  it.each(Object.entries(CURVES))('%s is rounded once', (activation, curve) => {
    const values = sweep();
    const padded = [
      ...values,
      ...Array.from<number>({ length: (channels - (values.length % channels)) % channels }).fill(0),
    ];
    tf.tidy(() => {
      const y = identity(padded, channels, activation as Activation).dataSync();
      for (const [i, value] of padded.entries()) {
        const expected = curve(value);
        // half a unit for the rounding to float32, and what the double arithmetic in front of it loses
        const bound = Math.max(1.01 * UNIT_ROUNDOFF * Math.abs(expected), 2 ** -149);
        expect(Math.abs(y[i] - expected), `${activation}(${value})`).toBeLessThanOrEqual(bound);
      }
    });
  });

  it('prelu takes a slope per channel', () => {
    const values = Array.from({ length: 5 * channels }, (_, i) => i - 2.5 * channels);
    tf.tidy(() => {
      const slopes = Array.from({ length: channels }, (_, c) => c + 0.5);
      const y = identity(values, channels, 'prelu', tf.tensor1d(slopes)).dataSync();
      expect(Array.from(y)).toEqual(values.map((v, i) => (v < 0 ? v * slopes[i % channels] : v)));
    });
  });
});

/** activation(values) by a 1x1 convolution with the identity. */
function identity(values: number[], channels: number, activation: Activation, slopes?: tf.Tensor): tf.Tensor4D {
  return fused.hetConv2d({
    x: tf.tensor4d(values, [1, values.length / channels, 1, channels]),
    pointwise: tf.reshape(tf.eye(channels), [1, 1, channels, channels]),
    spatial: tf.zeros([0, channels, channels]),
    part: 1,
    kernelSize: 1,
    pad: 'valid',
    activation,
    leakyreluAlpha: 0.3,
    ...(slopes === undefined ? {} : { preluActivationWeights: slopes }),
  });
}
