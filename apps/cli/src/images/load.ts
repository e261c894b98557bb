/** Real images as a network takes them. */
import {
  FASHION_MNIST_CLASSES,
  fitPictures,
  type Images,
  imagesToTensor,
  joinImages,
  resizeImages,
} from '@hetconv/datasets';
import { fashionMnistSample, loadImageFolder, readPicture } from '@hetconv/datasets/node';
import type { TrainingStamp } from '@hetconv/train';
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
  const [height, width] = shape;
  const folder = await loadImageFolder(source, { resize: { height, width, mode: 'cover' } });
  const images = imagesToTensor(folder.images, { indices: [...Array(Math.min(count, folder.images.count)).keys()] });
  return { source: `${images.shape[0]} images of ${source}`, images };
}

/**
 * Picture files as a network takes them: fitted and normalised as the images of its training were; without a stamp scaled to
 * cover its input, pixels from 0 to 1.
 */
export async function loadPictures(
  files: readonly string[],
  shape: InputShape,
  stamp: TrainingStamp | undefined,
): Promise<Tensor4D> {
  const pictures: Images[] = [];
  for (const file of files) pictures.push(fitPictures(await readPicture(file), shape, stamp?.imageShape));
  return imagesToTensor(joinImages(pictures), stamp?.normalization);
}
