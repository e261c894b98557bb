import fc from 'fast-check';
import { afterEach, describe, expect, it } from 'vitest';
import { type BatchLoader, type BatchRequest, inlineLoader, memorySource } from '../src/index.ts';
import { createBatchMaker, epochOrder, stepsPerEpoch, testSteps } from '../src/data/batches.ts';
import { prefetch } from '../src/data/loader.ts';
import { sharedImages, workerLoader } from '../src/node.ts';
import { smallRecipe, splits } from './support/training.ts';

const requests: BatchRequest[] = [
  { split: 'train', epoch: 0, step: 2 },
  { split: 'train', epoch: 3, step: 0 },
  { split: 'test', step: 0 },
  { split: 'test', step: 1 },
  { split: 'train', epoch: 0, step: 2 },
];

const open: BatchLoader[] = [];
afterEach(async () => {
  await Promise.all(open.splice(0).map((loader) => loader.close()));
});

function tracked(loader: BatchLoader): BatchLoader {
  open.push(loader);
  return loader;
}

describe('batches', () => {
  it('an epoch has every image at most once, in another order each time', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 200 }), fc.string(), fc.nat(50), (count, seed, epoch) => {
        const order = epochOrder(count, seed, epoch);
        expect([...order].toSorted((a, b) => a - b)).toEqual(Array.from({ length: count }, (_, i) => i));
      }),
    );
    expect([...epochOrder(50, 1, 0)]).not.toEqual([...epochOrder(50, 1, 1)]);
    expect([...epochOrder(50, 1, 0)]).not.toEqual([...epochOrder(50, 2, 0)]);
    expect([stepsPerEpoch(100, 32), stepsPerEpoch(96, 32), stepsPerEpoch(5, 32)]).toEqual([3, 3, 1]);
    expect([testSteps(100, 32), testSteps(96, 32)]).toEqual([4, 3]);
  });

  it('are the same whoever makes them, in whatever order, however often', async () => {
    const { train, test } = await splits(96, 40);
    const recipe = smallRecipe();
    const here = inlineLoader({ train: memorySource(train), test: memorySource(test) }, recipe);
    const there = tracked(workerLoader({ train: sharedImages(train), test: sharedImages(test), recipe }));
    const straight = [];
    for (const request of requests) straight.push(await here.load(request));
    expect(await Promise.all(requests.map((request) => there.load(request)))).toEqual(straight);
    expect(straight[4]).toEqual(straight[0]);
    expect(straight[3].labels).toHaveLength(8); // 40 = 32 + 8
    const ahead = [];
    for await (const batch of prefetch(there, requests, 3)) ahead.push(batch);
    expect(ahead).toEqual(straight);
  });

  it('an image is augmented the same in batches of another size', async () => {
    const { train, test } = await splits(96, 8);
    const data = { train: memorySource(train), test: memorySource(test) };
    const [large, small] = [32, 16].map((batch) => createBatchMaker(data, smallRecipe({ batch })));
    const whole = await large({ split: 'train', epoch: 1, step: 1 });
    const [first, second] = [
      await small({ split: 'train', epoch: 1, step: 2 }),
      await small({ split: 'train', epoch: 1, step: 3 }),
    ];
    expect([...first.pixels, ...second.pixels]).toEqual([...whole.pixels]);
    expect([...first.labels, ...second.labels]).toEqual([...whole.labels]);
  });

  it('an error in the other thread reaches the caller, and does not end the thread', async () => {
    const { train, test } = await splits(96, 32);
    const gone = { kind: 'files', folder: 'nowhere', files: ['a/1.png'], labels: [0], shape: [14, 14, 3] } as const;
    const recipe = smallRecipe({ batch: 1, normalization: { mean: [0, 0, 0], std: [1, 1, 1] } });
    const loader = tracked(workerLoader({ train: sharedImages(train), test: gone, recipe }));
    await expect(loader.load({ split: 'test', step: 0 })).rejects.toThrow(/1\.png: found no such file/);
    expect((await loader.load({ split: 'train', epoch: 0, step: 0 })).labels).toHaveLength(1);
    expect(test.count).toBe(32);
  });

  it('a thread that cannot start, or was closed, says so', async () => {
    const { train } = await splits(96, 32);
    const wrong = { kind: 'files', folder: '.', files: ['a.png'], labels: [0], shape: [14, 14, 1] } as const;
    const setup = { train: sharedImages(train), test: wrong, recipe: smallRecipe() };
    await expect(tracked(workerLoader(setup)).load(requests[0])).rejects.toThrow(/of 3 channels/);
    const closed = workerLoader({ ...setup, test: sharedImages(train) });
    const underWay = closed.load(requests[0]);
    await Promise.all([expect(underWay).rejects.toThrow(/ended/), closed.close()]);
    await expect(closed.load(requests[0])).rejects.toThrow(/ended/);
  });
});
