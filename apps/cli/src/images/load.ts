/** Real images as a network takes them. */
import { readFile } from 'node:fs/promises';
import {
  DATASETS,
  decodeImage,
  type Images,
  imagesToTensor,
  joinImages,
  type NormalizationOptions,
  resizeImages,
} from '@hetconv/datasets';
import { fashionMnistSample, loadImageFolder } from '@hetconv/datasets/node';
import type { Tensor4D } from '@tensorflow/tfjs-core';
import type { LayersModel } from '@tensorflow/tfjs-layers';

/** `[height, width, channels]` that a network takes. */
export type InputShape = readonly [number, number, number];

/** Of a network with one image input. */
export function inputShapeOf(model: LayersModel): InputShape {
  return model.inputs[0].shape.slice(1) as [number, number, number];
}

/** What options call the images that come with @hetconv/datasets, and what they are of. */
export const FIXTURE = { name: 'fixture', of: 'fashion-mnist' } as const;

export interface LoadedImages {
  /** Where they came from, for reports. */
  readonly source: string;
  /** [n, height, width, channels] */
  readonly images: Tensor4D;
  /** The class of each image, where the set has labels. */
  readonly labels?: readonly string[];
}

/**
 * The first `count` images of a folder of PNG and JPEG files, or of the fixture that comes with @hetconv/datasets.
 *
 * @param source a folder, or 'fixture'
 * @param normalization that of the network's training; default: pixels from 0 to 1
 */
export async function loadImages(
  source: string,
  shape: InputShape,
  count: number,
  normalization: NormalizationOptions = {},
): Promise<LoadedImages> {
  if (source === FIXTURE.name) {
    const sample = await fashionMnistSample(shape[0] >= 28 && shape[1] >= 28 ? { shape } : {});
    const sized =
      sample.height === shape[0] && sample.width === shape[1]
        ? sample
        : resizeImages(sample, { height: shape[0], width: shape[1] });
    const { classes } = DATASETS[FIXTURE.of];
    const images = firstImages(sized, count, normalization);
    const labels = [...sample.labels.subarray(0, images.shape[0])].map((label) => classes[label]);
    return { source: `${images.shape[0]} test images of Fashion-MNIST`, images, labels };
  }
  const folder = await loadImageFolder(source, { resize: frame(shape) });
  const images = firstImages(folder.images, count, normalization);
  return { source: `${images.shape[0]} images of ${source}`, images };
}

function firstImages(images: Images, count: number, normalization: NormalizationOptions): Tensor4D {
  return imagesToTensor(images, { ...normalization, indices: [...Array(Math.min(count, images.count)).keys()] });
}

/** Labels as numbers of a network's outputs; undefined where the network does not know one of them. */
export function labelNumbers(labels: readonly string[], classNames: readonly string[]): number[] | undefined {
  const numbers = labels.map((name) => classNames.indexOf(name));
  return numbers.includes(-1) ? undefined : numbers;
}

/**
 * Picture files, brought to the size of a network.
 *
 * @param normalization that of its training; default: pixels from 0 to 1
 */
export async function loadPictures(
  files: readonly string[],
  shape: InputShape,
  normalization: NormalizationOptions = {},
): Promise<Tensor4D> {
  const pictures: Images[] = [];
  for (const file of files) {
    pictures.push(resizeImages(await decodeImage(await readFile(file), { name: file }), frame(shape)));
  }
  return imagesToTensor(joinImages(pictures), normalization);
}

function frame([height, width]: InputShape): { height: number; width: number; mode: 'cover' } {
  return { height, width, mode: 'cover' };
}
