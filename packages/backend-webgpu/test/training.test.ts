/** A small HetConv network, 1,000 steps of gradient descent: the loss falls, and memory stays what it was after the first steps. */
import { createRandom, fused, hetConv2d } from '@hetconv/core';
import * as tf from '@tensorflow/tfjs-core';
import '@tensorflow/tfjs-layers'; // registers tfjs's gradients
import { expect, it } from 'vitest';
import { openDevice } from './support/device.ts';

const opened = await openDevice();
const STEPS = 1000;
const SETTLED = 50; // by then every buffer that a step needs waits in tfjs's pool

it(`trains ${STEPS} steps in flat memory`, { timeout: 300_000 }, async ({ skip }) => {
  const { backend, errors } = typeof opened === 'string' ? skip(opened) : opened;
  await tf.setBackend('webgpu');
  const before = tf.memory().numTensors;
  const random = createRandom('training');
  const draw = (shape: number[], scale: number): tf.Tensor =>
    tf.tensor(
      Float32Array.from({ length: tf.util.sizeFromShape(shape) }, () => (2 * random.uniform() - 1) * scale),
      shape,
    );
  const shapes = [[1, 1, 4, 8], [8, 2, 8], [8], [1, 1, 8, 4], [8, 2, 4]];
  const weights = shapes.map((shape) => tf.tidy(() => tf.variable(draw(shape, 0.4))));
  const [pointwise, spatial, bias, lastPointwise, lastSpatial] = weights;
  const x = draw([4, 6, 6, 4], 1) as tf.Tensor4D;
  const wanted = draw([4, 3, 3, 4], 1);
  const optimizer = tf.train.sgd(0.05);
  const loss = (): tf.Scalar => {
    const hidden = fused.hetConv2d({
      x,
      pointwise: pointwise as tf.Tensor4D,
      spatial: spatial as tf.Tensor3D,
      bias,
      activation: 'relu',
      part: 2,
      kernelSize: 3,
      pad: 'same',
    });
    const last = { part: 4, kernelSize: 3, pad: 'same', strides: 2 } as const;
    const y = hetConv2d(hidden, lastPointwise as tf.Tensor4D, lastSpatial as tf.Tensor3D, last);
    return tf.losses.meanSquaredError(wanted, y);
  };
  const losses: number[] = [];
  let settled: unknown;
  for (let step = 0; step < STEPS; step++) {
    const value = optimizer.minimize(loss, true) as tf.Scalar;
    if (step % SETTLED === SETTLED - 1) {
      losses.push((await value.data())[0]); // reading also flushes tfjs's command queue
      value.dispose();
      const memory = [tf.memory().numTensors, backend.numDataIds(), backend.memory().numBytesAllocatedInGPU];
      settled ??= memory;
      expect(memory).toEqual(settled);
    } else {
      value.dispose();
    }
  }
  expect(losses.at(-1)).toBeLessThan(losses[0] * 0.9);
  expect(errors).toEqual([]);
  optimizer.dispose();
  tf.dispose([...weights, x, wanted]);
  expect(tf.memory().numTensors).toBe(before);
});
