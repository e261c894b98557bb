/** A real, small training: images of Fashion-MNIST, a ResNet of 8 layers, the wasm backend. */
import { backend } from '@hetconv/backend-wasm';
import { FASHION_MNIST_CLASSES, type LabelledImages, selectImages } from '@hetconv/datasets';
import { fashionMnistSample } from '@hetconv/datasets/node';
import { resnetCifar } from '@hetconv/zoo-classification';
import * as tf from '@tensorflow/tfjs-core';
import type { LayersModel } from '@tensorflow/tfjs-layers';
import { type Checkpoint, completeRecipe, memorySource, type PartialRecipe, type Recipe } from '../../src/index.ts';
import type { TrainingData } from '../../src/state/identity.ts';

export async function useWasm(): Promise<void> {
  const availability = await backend.prepare();
  if (!availability.available) throw new Error(availability.reason);
  backend.prepareTraining?.();
  await tf.setBackend('wasm');
}

/** Train and test images, the first ones of the fixture, 14 x 14. */
export async function splits(train = 96, test = 32): Promise<{ train: LabelledImages; test: LabelledImages }> {
  const sample = halved(await fashionMnistSample());
  return { train: selectImages(sample, range(0, train)), test: selectImages(sample, range(train, test)) };
}

export async function smallData(train?: number, test?: number): Promise<TrainingData> {
  const images = await splits(train, test);
  return {
    name: 'fashion-mnist',
    classes: FASHION_MNIST_CLASSES,
    train: memorySource(images.train),
    test: memorySource(images.test),
  };
}

/** P = 3 divides none of the channel counts: `spatial` has entries that are no weights. */
export function smallModel(seed = 1, part = 3): LayersModel {
  return resnetCifar(8, { part, seed, inputShape: [14, 14, 1] });
}

export function smallRecipe(changes: PartialRecipe = {}): Recipe {
  const base: PartialRecipe = {
    epochs: 2,
    batch: 32,
    schedule: { kind: 'cosine', learningRate: 0.05 },
    augmentation: { padCrop: 2, flip: true, cutout: 4 },
    seed: 7,
  };
  return completeRecipe({ ...base, ...changes }, { mean: [0.286], std: [0.353] });
}

/** A store in memory that keeps every checkpoint. */
export function memoryStore(): {
  saved: Checkpoint[];
  save(checkpoint: Checkpoint, kind: 'last' | 'best'): Promise<void>;
} {
  const saved: Checkpoint[] = [];
  return {
    saved,
    save: async (checkpoint, kind) => {
      if (kind === 'last') saved.push(checkpoint);
    },
  };
}

/** Indices from, from + 1, ... */
function range(from: number, count: number): number[] {
  return Array.from({ length: count }, (_, i) => from + i);
}

/** Every second pixel of every second row. */
function halved(images: LabelledImages): LabelledImages {
  const [height, width] = [images.height >> 1, images.width >> 1];
  const pixels = new Uint8Array(images.count * height * width);
  for (let n = 0, to = 0; n < images.count; n++) {
    for (let y = 0; y < height; y++) {
      for (let x = 0; x < width; x++) {
        pixels[to++] = images.pixels[(n * images.height + 2 * y) * images.width + 2 * x];
      }
    }
  }
  return { ...images, height, width, pixels };
}
