/** From `--data` to labelled images: a known set in a folder. */
import { channelStatistics, DATASETS, type DatasetId, type LabelledImages } from '@hetconv/datasets';
import { loadDataset } from '@hetconv/datasets/node';
import type { Normalization, TrainingData } from '@hetconv/train';
import { openSource, sharedImages, type SourceSpec } from '@hetconv/train/node';
import type { InputShape } from '../images/load.ts';
import { UsageError } from '../output/failure.ts';

export interface LoadedData extends TrainingData {
  /** For another thread. */
  readonly specs: { readonly train: SourceSpec; readonly test: SourceSpec };
  /** Of the training images. */
  readonly normalization: Normalization;
}

/**
 * @param value `cifar10`, `cifar10:FOLDER`, ...
 * @param shape what the network takes
 * @param limit use only the first so many images of each split
 */
export async function loadTrainingData(value: string, shape: InputShape, limit?: number): Promise<LoadedData> {
  const [id, folder] = splitOnce(value);
  const info = (DATASETS as Partial<typeof DATASETS>)[id as DatasetId];
  if (info === undefined) {
    throw new UsageError(
      `--data: '${value}' is not known. Accepted: ${Object.keys(DATASETS).join(', ')}, each with :FOLDER.`,
    );
  }
  const load = async (split: 'train' | 'test'): Promise<LabelledImages> =>
    first(await loadDataset(info.id, split, { data: folder, shape }), limit);
  const [train, test] = [await load('train'), await load('test')];
  const { mean, std } = await channelStatistics(train);
  const specs = { train: sharedImages(train), test: sharedImages(test) };
  return {
    name: info.id,
    classes: info.classes,
    train: openSource(specs.train),
    test: openSource(specs.test),
    specs,
    normalization: { mean, std },
  };
}

function first(images: LabelledImages, limit: number | undefined): LabelledImages {
  if (limit === undefined || limit >= images.count) return images;
  const { height, width, channels, pixels, labels } = images;
  const size = height * width * channels;
  return {
    count: limit,
    height,
    width,
    channels,
    pixels: pixels.slice(0, limit * size),
    labels: labels.slice(0, limit),
  };
}

function splitOnce(value: string): [string, string | undefined] {
  const colon = value.indexOf(':');
  return colon < 0 ? [value, undefined] : [value.slice(0, colon), value.slice(colon + 1)];
}
