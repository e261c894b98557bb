/**
 * The batches of a training: pure functions of (seed, epoch, step), so that it does not matter who makes them, when, and how often.
 * The random stream of an image depends on its index and not on its place, so that neither batch size nor threads decide it.
 */
import { createRandom } from '@hetconv/core';
import type { Recipe } from '../recipe/recipe.ts';
import { augmentInto, normalizationTable, normalizeInto } from './augment.ts';
import type { ImageSource } from './source.ts';

/** Which batch: of the shuffled, augmented training images, or of the test images in their order. */
export type BatchRequest =
  | { readonly split: 'train'; readonly epoch: number; readonly step: number }
  | { readonly split: 'test'; readonly step: number };

export interface Batch {
  /** [n, height, width, channels], normalised. */
  readonly pixels: Float32Array<ArrayBuffer>;
  readonly labels: Int32Array<ArrayBuffer>;
}

/** What of a recipe decides the batches. */
export type BatchRecipe = Pick<Recipe, 'batch' | 'seed' | 'augmentation' | 'normalization'>;

export interface DataSplits {
  readonly train: ImageSource;
  readonly test: ImageSource;
}

/** Whole batches in an epoch. A set smaller than a batch is one batch. */
export function stepsPerEpoch(count: number, batch: number): number {
  return Math.max(1, Math.floor(count / batch));
}

/** Batches that cover the test images, the last one perhaps smaller. */
export function testSteps(count: number, batch: number): number {
  return Math.ceil(count / batch);
}

/** The order of the training images in one epoch: a permutation of 0..count-1 (Fisher and Yates). */
export function epochOrder(count: number, seed: number | string, epoch: number): Uint32Array {
  const random = createRandom(`${seed}/order/${epoch}`);
  const order = Uint32Array.from({ length: count }, (_, i) => i);
  for (let i = count - 1; i > 0; i--) {
    const j = random.integer(0, i);
    [order[i], order[j]] = [order[j], order[i]];
  }
  return order;
}

/** Makes batches; keeps nothing but the order of the last epoch. */
export function createBatchMaker(
  { train, test }: DataSplits,
  { batch, seed, augmentation, normalization }: BatchRecipe,
): (request: BatchRequest) => Promise<Batch> {
  const table = normalizationTable(normalization);
  let order: { readonly epoch: number; readonly indices: Uint32Array } | undefined;

  const indicesOf = (request: BatchRequest): number[] => {
    const first = request.step * batch;
    if (request.split === 'test') {
      return Array.from({ length: Math.min(batch, test.count - first) }, (_, i) => first + i);
    }
    if (order?.epoch !== request.epoch) {
      order = { epoch: request.epoch, indices: epochOrder(train.count, seed, request.epoch) };
    }
    return Array.from(order.indices.subarray(first, first + batch));
  };

  return async (request) => {
    const source = request.split === 'train' ? train : test;
    const indices = indicesOf(request);
    const bytes = await source.read(indices);
    const pixels = new Float32Array(bytes.length);
    if (request.split === 'train') {
      const size = bytes.length / indices.length;
      indices.forEach((index, i) => {
        const [from, to] = [i * size, (i + 1) * size];
        const random = createRandom(`${seed}/augment/${request.epoch}/${index}`);
        augmentInto(pixels.subarray(from, to), bytes.subarray(from, to), train.shape, augmentation, table, random);
      });
    } else {
      normalizeInto(pixels, bytes, table);
    }
    return { pixels, labels: Int32Array.from(indices, (index) => source.labels[index]) };
  };
}
