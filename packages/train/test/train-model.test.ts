import { UnsupportedError } from '@hetconv/core';
import { HetConv2D, hetConv2d, weightDigest } from '@hetconv/layers';
import * as tf from '@tensorflow/tfjs-core';
import { layers, sequential } from '@tensorflow/tfjs-layers';
import { beforeAll, describe, expect, it } from 'vitest';
import {
  DivergedError,
  evaluateModel,
  type LogEntry,
  type Recipe,
  trainModel,
  TrainingError,
  type TrainOptions,
} from '../src/index.ts';
import { memoryStore, smallData, smallModel, smallRecipe, useWasm } from './support/training.ts';

beforeAll(useWasm);

/** The first weight of a small model after a training with or without a regulariser. */
async function weightAfter(l2: boolean): Promise<number> {
  const model = sequential({
    layers: [
      hetConv2d({
        filters: 2,
        kernelSize: 3,
        part: 1,
        inputShape: [14, 14, 1],
        kernelInitializer: 'ones',
        ...(l2 && { kernelRegularizer: 'l1l2' }),
      }),
      layers.flatten(),
      layers.dense({ units: 10, kernelInitializer: 'zeros' }),
    ],
  });
  await trainModel({ model, data: await smallData(), recipe: smallRecipe({ epochs: 1, weightDecay: 0 }) });
  const [weight] = model.weights[0].read().dataSync();
  model.dispose();
  return weight;
}

function numTensors(): number {
  return tf.memory().numTensors;
}

/** All but how long it took. */
function timeless(entries: LogEntry[]): object[] {
  return entries.map((entry) => ({ ...entry, seconds: 0 }));
}

/** Trains and returns the digest of all weights, moving averages included. */
async function train(options: Partial<TrainOptions> = {}): Promise<string> {
  const model = options.model ?? smallModel();
  try {
    await trainModel({ data: await smallData(), recipe: smallRecipe(), ...options, model });
    return await weightDigest(model);
  } finally {
    model.dispose();
  }
}

describe('trainModel', () => {
  it('gives the same bits twice, other bits for another seed', async () => {
    const digest = await train();
    expect(await train()).toBe(digest);
    expect(await train({ recipe: smallRecipe({ seed: 8 }) })).not.toBe(digest);
  });

  it.each([
    ['sgd', smallRecipe()],
    ['adam', smallRecipe({ optimizer: { kind: 'adam' }, schedule: { kind: 'one-cycle', learningRate: 0.002 } })],
  ])('%s: interrupted after any step and resumed, the weights and the figures are the same', async (_, recipe) => {
    const straight: LogEntry[] = [];
    const store = memoryStore();
    const every = { recipe, checkpoints: store, checkpointSeconds: 0 };
    const digest = await train({ ...every, onEpoch: (entry) => void straight.push(entry) });
    // 3 steps and the end of each of 2 epochs
    expect(store.saved.map(({ progress }) => [progress.epoch, progress.step])).toEqual(
      [0, 1].flatMap((epoch) => [
        [epoch, 1],
        [epoch, 2],
        [epoch, 3],
        [epoch + 1, 0],
      ]),
    );
    for (const resume of store.saved) {
      const resumed: LogEntry[] = [];
      const model = smallModel(99); // what it starts from must not matter
      model.setUserDefinedMetadata(smallModel().getUserDefinedMetadata());
      expect(await train({ recipe, model, resume, onEpoch: (entry) => void resumed.push(entry) })).toBe(digest);
      expect(timeless(resumed)).toEqual(timeless(straight.slice(resume.progress.epoch)));
    }
  });

  it('a signal stops it after the step under way, with a checkpoint to go on from', async () => {
    const digest = await train();
    const store = memoryStore();
    const abort = new AbortController();
    const model = smallModel();
    const result = await trainModel({
      model,
      data: await smallData(),
      recipe: smallRecipe(),
      checkpoints: store,
      signal: abort.signal,
      onProgress: ({ stage, step }) => stage === 'train' && step === 2 && abort.abort(),
    });
    expect(result.status).toBe('interrupted');
    expect(result.progress).toMatchObject({ epoch: 0, step: 2, best: null });
    expect(store.saved).toHaveLength(1);
    expect(await train({ resume: store.saved[0] })).toBe(digest);
    model.dispose();
  });

  it.each([
    ['recipe', { recipe: smallRecipe({ epochs: 1, weightDecay: 0.25 }) }, /recipe.weightDecay was 0.0005, is 0.25/],
    ['model', { part: 4 }, /model.metadata.part was 3, is 4/],
    ['data', { train: 64 }, /data.train was 96, is 64/],
  ])('a checkpoint of another %s is refused, the difference named', async (_, changes, message) => {
    const store = memoryStore();
    const recipe = smallRecipe({ epochs: 1 });
    await train({ recipe, checkpoints: store });
    const other = { recipe, part: 3, train: 96, ...changes };
    const attempt = train({
      recipe: other.recipe,
      data: await smallData(other.train),
      model: smallModel(1, other.part),
      resume: store.saved[0],
    });
    await expect(attempt).rejects.toThrow(TrainingError);
    await expect(attempt).rejects.toThrow(message);
  });

  it('stops where the loss is no number, and says which checkpoint is good', async () => {
    const store = memoryStore();
    const recipe = smallRecipe({ epochs: 9, schedule: { kind: 'constant', learningRate: 1e30 } });
    const attempt = train({ recipe, checkpoints: store, checkpointSeconds: 0 });
    await expect(attempt).rejects.toThrow(DivergedError);
    const failure = await attempt.catch((error: unknown) => error as DivergedError);
    expect(failure).toMatchObject({ code: 'diverged' });
    for (const { tensors } of store.saved) {
      expect(tensors.every(({ values }) => values.every(Number.isFinite))).toBe(true);
    }
    const [last] = store.saved.slice(-1);
    const kept =
      last === undefined
        ? 'No checkpoint had been written.'
        : `The last checkpoint, from epoch ${last.progress.epoch + 1} after ${last.progress.step} steps, is as it was.`;
    expect((failure as DivergedError).message).toContain(kept);
  });

  it.each([
    ['sgd', { kind: 'sgd', momentum: 0.9, nesterov: true }],
    ['adam', { kind: 'adam' }],
  ] satisfies [string, Recipe['optimizer']][])(
    '%s: entries of spatial that are no weights stay 0, and so does their state',
    async (_, optimizer) => {
      const store = memoryStore();
      const model = smallModel();
      const recipe = smallRecipe({ optimizer, weightDecay: 0.2, schedule: { kind: 'constant', learningRate: 0.01 } });
      await trainModel({ model, data: await smallData(), recipe, checkpoints: store });
      const { tensors } = store.saved[store.saved.length - 1];
      let fillers = 0;
      for (const layer of model.layers.filter((one) => one instanceof HetConv2D)) {
        const inChannels = layer.kernels().pointwise.shape[2];
        const mine = tensors.filter(({ name }) => name.endsWith(`/${layer.name}/spatial`));
        expect(mine).toHaveLength(optimizer.kind === 'sgd' ? 2 : 3); // the weight, and its state
        for (const { shape, values } of mine) {
          const [, depth, filters] = shape;
          values.forEach((value, i) => {
            const [q, n] = [Math.floor(i / filters) % depth, i % filters];
            if (3 * q + (n % 3) < inChannels) return;
            fillers++;
            expect(Object.is(value, 0)).toBe(true);
          });
        }
      }
      expect(fillers).toBeGreaterThan(1000);
      model.dispose();
    },
  );

  it('decays kernels alone', async () => {
    // a rate of nearly 0 and a decay that makes up for it: what is decayed is halved, the rest stays
    const rate = 2 ** -20;
    const recipe = smallRecipe({
      epochs: 1,
      batch: 96,
      optimizer: { kind: 'adam' },
      schedule: { kind: 'constant', learningRate: rate },
      weightDecay: 0.5 / rate,
    });
    const model = smallModel();
    const before = new Map(model.weights.map((weight) => [weight.originalName, weight.read().dataSync().slice()]));
    await trainModel({ model, data: await smallData(), recipe });
    for (const weight of model.trainableWeights) {
      const [old, now] = [before.get(weight.originalName), weight.read().dataSync()];
      const isKernel = /(kernel|pointwise|spatial)$/.test(weight.originalName);
      const worst = Math.max(...now.map((value, i) => Math.abs(value - (old?.[i] ?? 0) * (isKernel ? 0.5 : 1))));
      expect([weight.originalName, worst <= 2 * rate]).toEqual([weight.originalName, true]);
    }
    model.dispose();
  });

  it('learns: 96 images by heart, and the moving averages follow', async () => {
    const model = smallModel();
    const data = await smallData();
    const recipe = smallRecipe({
      epochs: 16,
      schedule: { kind: 'one-cycle', learningRate: 0.1 },
      augmentation: { padCrop: 0, flip: false, cutout: 0 },
    });
    const result = await trainModel({ model, data, recipe });
    expect(result.last?.accuracy).toBeGreaterThan(0.9);
    const { normalization } = recipe;
    const { accuracy, predictions } = await evaluateModel({ model, data: data.train, normalization });
    expect(accuracy).toBeGreaterThan(0.9); // in the mode of inference, by the moving averages
    const again = await evaluateModel({ model, data: data.train, normalization, batch: 7 });
    expect(again.predictions).toEqual(predictions);
    expect(result.last?.testAccuracy).toBe((await evaluateModel({ model, data: data.test, normalization })).accuracy);
    model.dispose();
  });

  it('leaves no tensor behind, whatever happens', async () => {
    const data = await smallData();
    await train({ data }); // what is made once, is made
    const before = numTensors();
    const during: number[] = [];
    await train({ data, onProgress: () => void during.push(numTensors()) });
    expect(new Set(during).size).toBe(1);
    await expect(
      train({ data, recipe: smallRecipe({ schedule: { kind: 'constant', learningRate: 1e30 } }) }),
    ).rejects.toThrow(DivergedError);
    await expect(
      train({
        data,
        onProgress: () => {
          throw new Error('of the caller');
        },
      }),
    ).rejects.toThrow('of the caller');
    expect(numTensors()).toBe(before);
  });

  it('adds the regularisers of the layers to what it descends', async () => {
    expect(await weightAfter(true)).toBeLessThan(await weightAfter(false));
  });

  it.each([
    [
      'dropout',
      () => [layers.flatten({ inputShape: [14, 14, 1] }), layers.dropout({ rate: 0.5 }), layers.dense({ units: 10 })],
      UnsupportedError,
    ],
    [
      'softmax inside a dense layer',
      () => [layers.flatten({ inputShape: [14, 14, 1] }), layers.dense({ units: 10, activation: 'softmax' })],
      /a softmax layer of its own, or in logits/,
    ],
    [
      'other classes',
      () => [layers.flatten({ inputShape: [14, 14, 1] }), layers.dense({ units: 3 })],
      /the 10 classes of the data/,
    ],
    [
      'another input',
      () => [layers.flatten({ inputShape: [28, 28, 1] }), layers.dense({ units: 10 })],
      /images of the model's input, \[28, 28, 1\]/,
    ],
  ])('refuses a model with %s before anything is computed', async (_, build, error) => {
    const model = sequential({ layers: build() });
    await expect(train({ model })).rejects.toThrow(error);
  });
});
