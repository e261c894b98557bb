import { weightDigest } from '@hetconv/layers';
import * as tf from '@tensorflow/tfjs-core';
import { layers, sequential } from '@tensorflow/tfjs-layers';
import { beforeAll, describe, expect, it } from 'vitest';
import { DivergedError, type LogEntry, trainModel, TrainingError, type TrainOptions } from '../src/index.ts';
import { memoryStore, smallData, smallModel, smallRecipe, useWasm } from './support/training.ts';

beforeAll(useWasm);

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
      const timeless = (entries: LogEntry[]): object[] => entries.map((entry) => ({ ...entry, seconds: 0 }));
      expect(timeless(resumed)).toEqual(timeless(straight.slice(resume.progress.epoch)));
    }
  });
});
