/** Every geometry, P and channel count against the float64 reference, in small integers: exact, or wrong. */
import * as tf from '@tensorflow/tfjs-core';
import {
  createRandom,
  hetConv2d,
  planHetConv,
  type PlanRequest,
  referenceForward,
  referenceInputGradient,
  referencePointwiseGradient,
  referenceSpatialGradient,
  spatialEntryExists,
  spatialShape,
} from '@hetconv/core';
import { beforeAll, describe, expect, it } from 'vitest';
import { backend } from '../src/index.ts';

const requests: PlanRequest[] = [
  { inputShape: [2, 5, 7, 6], outChannels: 10, part: 4, kernelSize: 3, pad: 'same' },
  { inputShape: [1, 6, 5, 5], outChannels: 3, part: 5, kernelSize: [2, 3], pad: 'same', strides: 2 },
  { inputShape: [1, 7, 7, 16], outChannels: 24, part: 2, kernelSize: 3, pad: 'same', strides: [1, 2] },
  { inputShape: [1, 7, 6, 16], outChannels: 24, part: 2, kernelSize: 3, pad: 'same', strides: [2, 1] },
  { inputShape: [1, 8, 6, 4], outChannels: 4, part: 2, kernelSize: 3, pad: 'same', dilations: 2 },
  { inputShape: [1, 9, 8, 4], outChannels: 6, part: 3, kernelSize: 3, pad: 2, strides: 3, dimRoundingMode: 'ceil' },
  { inputShape: [1, 3, 4, 9], outChannels: 9, part: 1, kernelSize: 5, pad: 'same' },
  { inputShape: [3, 4, 6, 8], outChannels: 6, part: 1, kernelSize: 3, pad: 'same' },
  { inputShape: [2, 3, 4, 7], outChannels: 5, part: 1, kernelSize: 1, pad: 'same' },
  { inputShape: [1, 6, 6, 4], outChannels: 2, part: 4, kernelSize: 3, pad: 'valid', dilations: [2, 1] },
  { inputShape: [1, 4, 5, 12], outChannels: 20, part: 12, kernelSize: 3, pad: 'same' },
  { inputShape: [2, 5, 6, 32], outChannels: 20, part: 32, kernelSize: 3, pad: 'same' },
  { inputShape: [2, 5, 5, 64], outChannels: 48, part: 16, kernelSize: 3, pad: 'same' },
  { inputShape: [1, 5, 5, 48], outChannels: 32, part: 16, kernelSize: 3, pad: 'same' },
  { inputShape: [1, 6, 5, 32], outChannels: 32, part: 16, kernelSize: [2, 5], pad: 'same', strides: 2 },
  { inputShape: [1, 4, 5, 13], outChannels: 27, part: 9, kernelSize: 3, pad: 'same', strides: 2 },
  { inputShape: [1, 2, 2, 4], outChannels: 4, part: 4, kernelSize: [2, 3], pad: 'valid' },
  { inputShape: [0, 5, 5, 4], outChannels: 4, part: 2, kernelSize: 3, pad: 'same' },
];

describe('webgl kernels against the float64 reference: small integers are exact', () => {
  beforeAll(async () => {
    expect(await backend.prepare()).toEqual({ available: true });
    await tf.setBackend('webgl');
    tf.env().set('WEBGL_CPU_FORWARD', false);
  });

  it.each(requests)('%j', async (request) => {
    const before = tf.memory().numTensors;
    const plan = planHetConv(request);
    const random = createRandom('webgl');
    const draw = (size: number): Float32Array => Float32Array.from({ length: size }, () => random.integer(-4, 4));
    const x = draw(tf.util.sizeFromShape([...request.inputShape]));
    const pointwise = draw(plan.inChannels * plan.outChannels);
    const spatial = draw(plan.ringTaps * plan.depth * plan.outChannels);
    for (let i = 0; i < spatial.length; i++) {
      const [q, n] = [Math.floor(i / plan.outChannels) % plan.depth, i % plan.outChannels];
      if (!spatialEntryExists(plan, q, n)) spatial[i] = Number.NaN; // no weight: must not be read
    }
    const yShape: [number, number, number, number] = [plan.batch, plan.outHeight, plan.outWidth, plan.outChannels];
    const dy = draw(tf.util.sizeFromShape(yShape));
    tf.tidy(() => {
      const inputs: [tf.Tensor4D, tf.Tensor4D, tf.Tensor3D] = [
        tf.tensor4d(x, [...request.inputShape]),
        tf.tensor4d(pointwise, [1, 1, plan.inChannels, plan.outChannels]),
        tf.tensor3d(spatial, spatialShape(plan)),
      ];
      expectEqual('y', hetConv2d(...inputs, request), referenceForward(plan, x, pointwise, spatial).values);
      const f = (a: tf.Tensor, b: tf.Tensor, c: tf.Tensor): tf.Tensor =>
        hetConv2d(a as tf.Tensor4D, b as tf.Tensor4D, c as tf.Tensor3D, request);
      const [dx, dPointwise, dSpatial] = tf.grads(f)(inputs, tf.tensor4d(dy, yShape));
      expectEqual('dx', dx, referenceInputGradient(plan, dy, pointwise, spatial).values);
      expectEqual('dPointwise', dPointwise, referencePointwiseGradient(plan, x, dy).values);
      expectEqual('dSpatial', dSpatial, referenceSpatialGradient(plan, x, dy).values);
    });
    expect(tf.memory().numTensors).toBe(before);
  });
});

function expectEqual(what: string, actual: tf.Tensor, expected: Float64Array): void {
  const values = Array.from(actual.dataSync(), (value) => value + 0); // -0 is 0
  expect({ what, values }).toEqual({ what, values: Array.from(expected, (value) => value + 0) });
}
