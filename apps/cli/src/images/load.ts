/** Real images as a network takes them. */
import { readFile } from 'node:fs/promises';
import {
  decodeImage,
  FASHION_MNIST_CLASSES,
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

export interface LoadedImages {
  /** Where they came from, for reports. */
  readonly source: string;
  /** [n, height, width, channels], pixels from 0 to 1 */
  readonly images: Tensor4D;
  /** Names of the classes, where the set has labels. */
  readonly classes?: readonly string[];
}

/**
 * The first `count` images of a folder of PNG and JPEG files, or of the fixture that comes with @hetconv/datasets.
 *
 * @param source a folder, or 'fixture'
 */
export async function loadImages(source: string, shape: InputShape, count: number): Promise<LoadedImages> {
  if (source === 'fixture') {
    const sample = await fashionMnistSample(shape[0] >= 28 && shape[1] >= 28 ? { shape } : {});
    const sized =
      sample.height === shape[0] && sample.width === shape[1]
        ? sample
        : resizeImages(sample, { height: shape[0], width: shape[1] });
    const images = imagesToTensor(sized, { indices: [...Array(Math.min(count, sample.count)).keys()] });
    return { source: `${images.shape[0]} test images of Fashion-MNIST`, images, classes: FASHION_MNIST_CLASSES };
  }
  const folder = await loadImageFolder(source, { resize: frame(shape) });
  const images = imagesToTensor(folder.images, { indices: [...Array(Math.min(count, folder.images.count)).keys()] });
  return { source: `${images.shape[0]} images of ${source}`, images };
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
