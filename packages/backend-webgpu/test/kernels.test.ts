import * as tf from '@tensorflow/tfjs-core';
import {
  createRandom,
  hetConv2d,
  planHetConv,
  type PlanRequest,
  pointwiseShape,
  referenceForward,
  referenceInputGradient,
  referencePointwiseGradient,
  referenceSpatialGradient,
  registerHetConvKernels,
  spatialEntryExists,
  spatialShape,
  unregisterHetConvKernels,
} from '@hetconv/core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createWebgpuKernels, register } from '../src/index.ts';
import { openDevice, poison } from './support/device.ts';

/** Every ring, with and without whole quads; ragged M, N and P; strides, dilations, paddings; more than one tile each way. */
const REQUESTS: readonly PlanRequest[] = [
  { inputShape: [2, 5, 7, 6], outChannels: 10, part: 4, kernelSize: 3, pad: 'same' },
  { inputShape: [1, 6, 5, 5], outChannels: 3, part: 5, kernelSize: [2, 3], pad: 'same', strides: 2 },
  { inputShape: [1, 7, 7, 16], outChannels: 24, part: 2, kernelSize: 3, pad: 'same', strides: [1, 2] },
  { inputShape: [1, 8, 6, 4], outChannels: 4, part: 2, kernelSize: 3, pad: 'same', dilations: 2 },
  { inputShape: [1, 9, 8, 4], outChannels: 6, part: 3, kernelSize: 3, pad: 2, strides: 3, dimRoundingMode: 'ceil' },
  { inputShape: [1, 3, 4, 9], outChannels: 9, part: 1, kernelSize: 5, pad: 'same' },
  { inputShape: [1, 6, 6, 8], outChannels: 12, part: 1, kernelSize: 3, pad: 'valid' },
  { inputShape: [1, 6, 6, 4], outChannels: 2, part: 4, kernelSize: 3, pad: 'valid', dilations: [2, 1] },
  { inputShape: [1, 4, 5, 12], outChannels: 20, part: 12, kernelSize: 3, pad: 'same' },
  { inputShape: [1, 4, 5, 20], outChannels: 28, part: 8, kernelSize: 3, pad: 'same' },
  { inputShape: [1, 4, 5, 20], outChannels: 27, part: 8, kernelSize: 3, pad: 'same' },
  { inputShape: [1, 4, 5, 13], outChannels: 27, part: 9, kernelSize: 3, pad: 'same', strides: 2 },
  { inputShape: [1, 4, 5, 7], outChannels: 5, part: 7, kernelSize: 1, pad: 'same', strides: 2 },
  { inputShape: [2, 18, 17, 36], outChannels: 132, part: 4, kernelSize: 3, pad: 'same' },
  { inputShape: [1, 17, 18, 40], outChannels: 72, part: 16, kernelSize: 3, pad: 'same', strides: 2 },
  { inputShape: [1, 5, 4, 64], outChannels: 64, part: 64, kernelSize: 3, pad: 'same' },
  { inputShape: [0, 5, 5, 4], outChannels: 4, part: 2, kernelSize: 3, pad: 'same' },
];

const opened = await openDevice();

describe.each(['gpu', 'software'] as const)('webgpu kernels tuned for %s: small integers are exact', (tuning) => {
  beforeAll(async () => {
    if (typeof opened === 'string') return;
    unregisterHetConvKernels('webgpu');
    registerHetConvKernels('webgpu', createWebgpuKernels(tuning));
    await tf.setBackend('webgpu');
  });
  afterAll(() => {
    unregisterHetConvKernels('webgpu');
    register();
  });

  it.for(REQUESTS)('%j', async (request, { skip }) => {
    const device = typeof opened === 'string' ? skip(opened) : opened;
    const before = tf.memory().numTensors;
    const plan = planHetConv(request);
    const random = createRandom('webgpu');
    const draw = (shape: readonly number[]): Float32Array =>
      Float32Array.from({ length: tf.util.sizeFromShape([...shape]) }, () => random.integer(-4, 4));
    const yShape: [number, number, number, number] = [plan.batch, plan.outHeight, plan.outWidth, plan.outChannels];
    const [x, pointwise, spatial, dy] = [request.inputShape, pointwiseShape(plan), spatialShape(plan), yShape].map(
      draw,
    );
    for (let i = 0; i < spatial.length; i++) {
      const [q, n] = [Math.floor(i / plan.outChannels) % plan.depth, i % plan.outChannels];
      if (!spatialEntryExists(plan, q, n)) spatial[i] = Number.NaN; // no weight: must not be read
    }
    const inputs: [tf.Tensor4D, tf.Tensor4D, tf.Tensor3D] = [
      tf.tensor4d(x, [...request.inputShape]),
      tf.tensor4d(pointwise, pointwiseShape(plan)),
      tf.tensor3d(spatial, spatialShape(plan)),
    ];
    const dyTensor = tf.tensor4d(dy, yShape);
    poison(device);
    const f = (a: tf.Tensor, b: tf.Tensor, c: tf.Tensor): tf.Tensor =>
      hetConv2d(a as tf.Tensor4D, b as tf.Tensor4D, c as tf.Tensor3D, request);
    const y = f(...inputs);
    const [dx, dPointwise, dSpatial] = tf.grads(f)(inputs, dyTensor);
    await expectEqual(y, referenceForward(plan, x, pointwise, spatial).values);
    await expectEqual(dx, referenceInputGradient(plan, dy, pointwise, spatial).values);
    await expectEqual(dPointwise, referencePointwiseGradient(plan, x, dy).values);
    await expectEqual(dSpatial, referenceSpatialGradient(plan, x, dy).values);
    tf.dispose([...inputs, dyTensor, y, dx, dPointwise, dSpatial]);
    expect(tf.memory().numTensors).toBe(before);
    expect(device.errors).toEqual([]);
  });
});

async function expectEqual(actual: tf.Tensor, expected: Float64Array): Promise<void> {
  expect(Array.from(await actual.data(), (value) => value + 0)).toEqual(Array.from(expected, (value) => value + 0));
}
