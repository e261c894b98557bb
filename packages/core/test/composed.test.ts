import '@tensorflow/tfjs-backend-cpu';
import * as tf from '@tensorflow/tfjs-core';
import { beforeAll, describe, expect, it } from 'vitest';
import { forward as composedForward } from '../src/composed/forward.ts';
import { formCosts } from '../src/composed/forms.ts';
import {
  createRandom,
  errorBound,
  hetConv2d,
  planHetConv,
  type PlanRequest,
  referenceForward,
  referenceInputGradient,
  referencePointwiseGradient,
  referenceSpatialGradient,
  registerComposed,
  spatialEntryExists,
  spatialShape,
} from '../src/index.ts';

const requests: PlanRequest[] = [
  { inputShape: [2, 5, 7, 6], outChannels: 10, part: 4, kernelSize: 3, pad: 'same' },
  { inputShape: [1, 6, 5, 5], outChannels: 3, part: 5, kernelSize: [2, 3], pad: 'same', strides: 2 },
  { inputShape: [1, 7, 7, 6], outChannels: 12, part: 6, kernelSize: 3, pad: 'same', strides: [1, 2] },
  { inputShape: [1, 8, 6, 4], outChannels: 4, part: 2, kernelSize: 3, pad: 'same', dilations: 2 },
  { inputShape: [1, 9, 8, 4], outChannels: 6, part: 3, kernelSize: 3, pad: 2, strides: 3, dimRoundingMode: 'ceil' },
  { inputShape: [1, 3, 4, 4], outChannels: 4, part: 1, kernelSize: 5, pad: 'same' },
  { inputShape: [1, 6, 6, 4], outChannels: 2, part: 4, kernelSize: 3, pad: 'valid', dilations: [2, 1] },
  { inputShape: [2, 4, 4, 4], outChannels: 4, part: 2, kernelSize: 1, pad: 'same', strides: 2 },
  {
    inputShape: [1, 5, 5, 3],
    outChannels: 4,
    part: 3,
    kernelSize: 3,
    pad: [
      [0, 0],
      [3, 1],
      [0, 4],
      [0, 0],
    ],
    strides: 2,
  },
  { inputShape: [0, 5, 5, 4], outChannels: 4, part: 2, kernelSize: 3, pad: 'same' },
];

function integers(shape: readonly number[], seed: string): Float32Array {
  const random = createRandom(seed);
  return Float32Array.from({ length: tf.util.sizeFromShape([...shape]) }, () => random.integer(-4, 4));
}

describe('composed form against the float64 reference, integers exactly', () => {
  beforeAll(async () => {
    await tf.setBackend('cpu');
    registerComposed('cpu');
  });

  it.each(requests)('%j', (request) => {
    const before = tf.memory().numTensors;
    const plan = planHetConv(request);
    const [x, pw, sp] = [
      integers(request.inputShape, 'x'),
      integers([plan.inChannels, plan.outChannels], 'pw'),
      integers(spatialShape(plan), 'sp'),
    ];
    for (let i = 0; i < sp.length; i++) {
      if (!spatialEntryExists(plan, Math.floor(i / plan.outChannels) % plan.depth, i % plan.outChannels)) sp[i] = 9; // must not matter
    }
    const dy = integers([plan.batch, plan.outHeight, plan.outWidth, plan.outChannels], 'dy');
    tf.tidy(() => {
      const tx = tf.tensor4d(x, [...request.inputShape]);
      const tpw = tf.tensor4d(pw, [1, 1, plan.inChannels, plan.outChannels]);
      const tsp = tf.tensor3d(sp, spatialShape(plan));
      const options = { ...request, part: request.part };
      const run = (a: tf.Tensor4D, b: tf.Tensor4D, c: tf.Tensor3D): tf.Tensor4D => hetConv2d(a, b, c, options);
      const expected = referenceForward(plan, x, pw, sp);
      equal(run(tx, tpw, tsp), expected.values);
      if (plan.batch > 0) {
        for (const { form } of formCosts(plan)) equal(composedForward(plan, tx, tpw, tsp, form), expected.values);
      }
      const [dx, dpw, dsp] = tf.grads((a, b, c) => run(a as tf.Tensor4D, b as tf.Tensor4D, c as tf.Tensor3D))(
        [tx, tpw, tsp],
        tf.tensor4d(dy, [plan.batch, plan.outHeight, plan.outWidth, plan.outChannels]),
      );
      equal(dx, referenceInputGradient(plan, dy, pw, sp).values);
      equal(dpw, referencePointwiseGradient(plan, x, dy).values);
      equal(dsp, referenceSpatialGradient(plan, x, dy).values);
    });
    expect(tf.memory().numTensors).toBe(before);
    expect(errorBound(1, 1)).toBeGreaterThan(0);
  });
});

function equal(actual: tf.Tensor, expected: Float64Array): void {
  expect(Array.from(actual.dataSync(), (v) => v + 0)).toEqual(Array.from(expected, (v) => v + 0));
}
