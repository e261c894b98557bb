/** A small HetConv network, 1,000 steps of gradient descent: the loss falls, and memory stays what it was after the first steps. */
import { createRandom, fused, hetConv2d } from '@hetconv/core';
import type { MathBackendWebGL } from '@tensorflow/tfjs-backend-webgl';
import * as tf from '@tensorflow/tfjs-core';
import '@tensorflow/tfjs-layers'; // registers tfjs's gradients
import { expect, it } from 'vitest';
import { backend } from '../src/index.ts';

const STEPS = 1000;
const SETTLED = 50; // by then every texture that a step needs waits in tfjs's pool

function hidden(x: tf.Tensor4D, part: number, [pointwise, spatial, bias]: tf.Tensor[]): tf.Tensor4D {
  return fused.hetConv2d({
    x,
    pointwise: pointwise as tf.Tensor4D,
    spatial: spatial as tf.Tensor3D,
    bias,
    activation: 'relu',
    part,
    kernelSize: 3,
    pad: 'same',
  });
}

it(`trains ${STEPS} steps in flat memory`, { timeout: 600_000 }, async () => {
  expect(await backend.prepare()).toEqual({ available: true });
  await tf.setBackend('webgl');
  const device = tf.backend() as MathBackendWebGL;
  const before = tf.memory().numTensors;
  const random = createRandom('training');
  const draw = (shape: number[], scale: number): tf.Tensor =>
    tf.tensor(
      Float32Array.from({ length: tf.util.sizeFromShape(shape) }, () => (2 * random.uniform() - 1) * scale),
      shape,
    );
  const shapes = [[1, 1, 4, 16], [8, 2, 16], [16], [1, 1, 16, 32], [8, 1, 32], [32], [1, 1, 32, 4], [8, 8, 4]];
  const weights = shapes.map((shape) => tf.tidy(() => tf.variable(draw(shape, 0.3))));
  const [pointwise, spatial, bias, secondPointwise, secondSpatial, secondBias, lastPointwise, lastSpatial] = weights;
  const x = draw([4, 6, 6, 4], 1) as tf.Tensor4D;
  const wanted = draw([4, 3, 3, 4], 1);
  const optimizer = tf.train.sgd(0.05);
  const loss = (): tf.Scalar => {
    // Blocks, lanes, and a stride.
    const first = hidden(x, 2, [pointwise, spatial, bias]);
    const second = hidden(first, 16, [secondPointwise, secondSpatial, secondBias]);
    const last = { part: 4, kernelSize: 3, pad: 'same', strides: 2 } as const;
    const y = hetConv2d(second, lastPointwise as tf.Tensor4D, lastSpatial as tf.Tensor3D, last);
    return tf.losses.meanSquaredError(wanted, y);
  };
  const losses: number[] = [];
  let settled: unknown;
  for (let step = 0; step < STEPS; step++) {
    const value = optimizer.minimize(loss, true) as tf.Scalar;
    if (step % SETTLED === SETTLED - 1) {
      losses.push((await value.data())[0]);
      value.dispose();
      const { numBytesInGPUAllocated } = device.memory();
      const memory = [tf.memory().numTensors, device.numDataIds(), numBytesInGPUAllocated];
      settled ??= memory;
      expect(memory).toEqual(settled);
    } else {
      value.dispose();
    }
  }
  expect(losses.at(-1)).toBeLessThan(losses[0] * 0.9);
  optimizer.dispose();
  tf.dispose([...weights, x, wanted]);
  expect(tf.memory().numTensors).toBe(before);
});
