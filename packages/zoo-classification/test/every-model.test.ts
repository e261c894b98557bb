import { weightDigest } from '@hetconv/layers';
import * as tf from '@tensorflow/tfjs-core';
import type { LayersModel } from '@tensorflow/tfjs-layers';
import { beforeAll, describe, expect, it } from 'vitest';
import {
  type ClassificationModel,
  classificationModel,
  classificationModels,
  type ClassificationOptions,
} from '../src/index.ts';
import { images, labels, reload, useWasm } from './backend.ts';

beforeAll(useWasm);

/**
 * The sides at which a model runs here. `tools/native-size.ts` does the rest: a dense head of 490 MB, and networks that differ from
 * another one in their squeeze-and-excitation blocks alone.
 */
function sizes({ name, inputShape: [native] }: ClassificationModel): { forward: number; step: number } {
  if (name === 'vgg16-imagenet') return { forward: native, step: 32 };
  if (name === 'se-vgg16-imagenet') return { forward: 32, step: 32 };
  return { forward: native, step: name.startsWith('se-') ? Math.min(native, 64) : native };
}

const shapeOf = (size: number): [number, number, number] => [size, size, 3];

describe.each(classificationModels.map(({ name }) => name))('%s', (name) => {
  const entry = classificationModel(name);
  const { forward, step } = sizes(entry);

  it(`predicts at ${forward} x ${forward}`, () => {
    const before = tf.memory().numTensors;
    const model = entry.build({ inputShape: shapeOf(forward) });
    const x = images(1, forward, name);
    const y = model.predict(x) as tf.Tensor2D;
    expectProbabilities(y, [1, entry.classes]);
    model.dispose();
    tf.dispose([x, y]);
    expect(tf.memory().numTensors).toBe(before);
  });

  it(`takes a training step at ${step} x ${step}, is saved and loaded`, () =>
    expectTrainingAndReload(entry, { part: 'channels', inputShape: shapeOf(step) }));
});

it('MobileNetV1 as published takes a training step at its native size, is saved and loaded', () =>
  expectTrainingAndReload(classificationModel('mobilenet-imagenet'), {
    convKind: 'dwc-pwc',
    inputShape: shapeOf(224),
  }));

async function expectTrainingAndReload(
  entry: ClassificationModel,
  options: ClassificationOptions & Required<Pick<ClassificationOptions, 'inputShape'>>,
): Promise<void> {
  const before = tf.memory().numTensors;
  const model = entry.build(options);
  const started = kernels(model);
  const optimizer = tf.train.sgd(1);
  model.compile({ optimizer, loss: 'categoricalCrossentropy' });
  const [size] = options.inputShape;
  const batch = size > 64 ? 1 : 2;
  const x = images(batch, size, entry.name);
  const t = labels([3, 7].slice(0, batch), entry.classes);
  expect(await model.trainOnBatch(x, t)).toBeGreaterThan(0);
  const trained = [...kernels(model)];
  expect(trained.filter(([name, value]) => !Number.isFinite(value) || value === started.get(name))).toEqual([]);

  const loaded = await reload(model);
  expect(await weightDigest(loaded)).toBe(await weightDigest(model));
  expect(loaded.getUserDefinedMetadata()).toEqual(model.getUserDefinedMetadata());
  const [y, again] = [model, loaded].map((one) => one.predict(x) as tf.Tensor);
  expect(again.dataSync()).toEqual(y.dataSync());
  loaded.dispose();
  model.dispose();
  optimizer.dispose();
  tf.dispose([x, t, y, again]);
  expect(tf.memory().numTensors).toBe(before);
}

function expectProbabilities(y: tf.Tensor2D, shape: [number, number]): void {
  expect(y.shape).toEqual(shape);
  const values = y.dataSync();
  // Each of n quotients and each addition of their float64 sum is off by 2^-24 of itself at most, the divisor by n times that.
  let sum = 0;
  for (const value of values) {
    expect(value).toBeGreaterThanOrEqual(0);
    sum += value;
  }
  expect(Math.abs(sum - 1)).toBeLessThanOrEqual((shape[1] + 2) * 2 ** -24);
}

/** The sum of squares of each kernel of a convolution or a dense layer, but those of squeeze-and-excitation, whose ReLU may be 0. */
function kernels(model: LayersModel): Map<string, number> {
  const watched = model.trainableWeights.filter(
    ({ originalName }) => /(kernel|pointwise|spatial)$/.test(originalName) && !/_se_/.test(originalName),
  );
  return new Map(
    watched.map((weight) => {
      const square = tf.tidy(() => tf.sum(tf.square(weight.read())));
      const [value] = square.dataSync();
      square.dispose();
      return [weight.originalName, value];
    }),
  );
}
