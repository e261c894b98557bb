/** Real images as a network takes them. */
import { join } from 'node:path';
import { DATASETS, fitPictures, type Images, imagesToTensor, joinImages, resizeImages } from '@hetconv/datasets';
import { fashionMnistSample, listImageFolder, readPicture } from '@hetconv/datasets/node';
import type { TrainingStamp } from '@hetconv/train';
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
 * @param stamp of the network's training; without one pixels are from 0 to 1
 */
export async function loadImages(
  source: string,
  shape: InputShape,
  count: number,
  stamp?: TrainingStamp,
): Promise<LoadedImages> {
  if (source === FIXTURE.name) {
    const sample = await fashionMnistSample(shape[0] >= 28 && shape[1] >= 28 ? { shape } : {});
    const sized =
      sample.height === shape[0] && sample.width === shape[1]
        ? sample
        : resizeImages(sample, { height: shape[0], width: shape[1] });
    const { classes } = DATASETS[FIXTURE.of];
    const labels = [...sample.labels.subarray(0, count)].map((label) => classes[label]);
    const images = imagesToTensor(sized, { ...stamp?.normalization, indices: [...labels.keys()] });
    return { source: `${images.shape[0]} test images of Fashion-MNIST`, images, labels };
  }
  const files = (await listImageFolder(source)).slice(0, count);
  const images = await loadPictures(
    files.map((file) => join(source, file)),
    shape,
    stamp,
  );
  return { source: `${images.shape[0]} images of ${source}`, images };
}

/** Labels as numbers of a network's outputs; undefined where the network does not know one of them. */
export function labelNumbers(labels: readonly string[], classNames: readonly string[]): number[] | undefined {
  const numbers = labels.map((name) => classNames.indexOf(name));
  return numbers.includes(-1) ? undefined : numbers;
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
