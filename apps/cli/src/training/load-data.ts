/** From `--data` to labelled images: a known set in a folder, or a folder of pictures sorted into classes. */
import { existsSync, statSync } from 'node:fs';
import { basename, resolve } from 'node:path';
import {
  channelStatistics,
  DATASETS,
  type DatasetId,
  type Images,
  type ImageShape,
  type LabelledImages,
} from '@hetconv/datasets';
import { type ClassFolder, loadDataset, splitClassFolder } from '@hetconv/datasets/node';
import type { ImageSource, Normalization, TrainingData } from '@hetconv/train';
import { openSource, sharedImages, type SourceSpec } from '@hetconv/train/node';
import type { InputShape } from '../images/load.ts';
import { UsageError } from '../output/failure.ts';

/** Images with what another thread needs to open them too. */
export interface LoadedData extends TrainingData {
  /** Of a known set before it was fitted to the network. */
  readonly imageShape?: ImageShape;
  readonly specs: { readonly train: SourceSpec; readonly test: SourceSpec };
}

/** What `--data` takes. */
export const DATA_HELP = `${Object.keys(DATASETS).join(', ')}, each with :FOLDER, or a folder with a folder of pictures for each class`;

/** How many pictures of a folder are looked at for their mean and deviation: decoding all would double the first epoch. */
const STATISTICS_SAMPLE = 1024;

/**
 * @param value `cifar10`, `cifar10:FOLDER`, ..., or a folder
 * @param shape what the network takes
 * @param limit use only so many images of each split: the first ones of a set, of a folder evenly spaced ones
 * @throws UsageError for a name that is neither; DataNotFoundError, DataFileError
 */
export async function loadTrainingData(value: string, shape: InputShape, limit?: number): Promise<LoadedData> {
  const { id, folder } = parseData(value);
  if (id === undefined) return loadFolder(folder, shape, limit);
  const load = async (split: 'train' | 'test'): Promise<SourceSpec> =>
    sharedImages(first(await loadDataset(id, split, { data: folder, shape }), limit));
  const specs = { train: await load('train'), test: await load('test') };
  const { classes, shape: imageShape } = DATASETS[id];
  return { name: id, classes, imageShape, ...opened(specs), specs };
}

/** Mean and deviation of the training images, per channel. */
export async function normalizationOf({ train }: LoadedData): Promise<Normalization> {
  const { mean, std } = await channelStatistics(batchesOf(train));
  return { mean, std: std.map((deviation) => (deviation === 0 ? 1 : deviation)) }; // of a channel that never changes
}

type Parsed =
  | { readonly id: DatasetId; readonly folder: string | undefined }
  | { readonly id: undefined; readonly folder: string };

/** @throws UsageError for a name that is neither a known set nor a folder */
export function parseData(value: string): Parsed {
  const { id, folder } = splitData(value);
  if (id !== undefined) return { id, folder };
  if (existsSync(value) && statSync(value).isDirectory()) return { id: undefined, folder: value };
  throw new UsageError(`--data: '${value}' is neither a folder nor a known set. Accepted: ${DATA_HELP}.`);
}

/** `cifar10:FOLDER` as a known set and its folder; what names no known set is a folder. */
export function splitData(value: string): { readonly id: DatasetId | undefined; readonly folder: string | undefined } {
  const [name, ...rest] = value.split(':');
  const id = datasetNamed(name);
  if (id === undefined) return { id, folder: value };
  return { id, folder: rest.length === 0 ? undefined : rest.join(':') };
}

/** The known set of that name. */
export function datasetNamed(name: string): DatasetId | undefined {
  return (Object.keys(DATASETS) as DatasetId[]).find((known) => known === name);
}

async function loadFolder(folder: string, shape: InputShape, limit: number | undefined): Promise<LoadedData> {
  const { train, test } = await splitClassFolder(folder);
  const specs = { train: filesOf(train, shape, limit), test: filesOf(test, shape, limit) };
  return { name: nameOf(folder), classes: train.classes, ...opened(specs), specs };
}

/**
 * Pictures to read when they are needed, evenly spaced ones where there are more than `limit`.
 *
 * @param original shape of the images that the network was trained on, if they had one
 */
export function filesOf(
  { folder, files, labels }: ClassFolder,
  shape: InputShape,
  limit: number | undefined,
  original?: ImageShape,
): SourceSpec {
  const chosen = evenly(files.length, limit);
  return {
    kind: 'files',
    folder,
    files: chosen.map((index) => files[index]),
    labels: chosen.map((index) => labels[index]),
    shape,
    original,
  };
}

/** What a folder of pictures is called. */
export function nameOf(folder: string): string {
  return basename(resolve(folder));
}

function opened(specs: LoadedData['specs']): Pick<TrainingData, 'train' | 'test'> {
  return { train: openSource(specs.train), test: openSource(specs.test) };
}

/** At most STATISTICS_SAMPLE pictures where each is decoded, else all. */
async function* batchesOf(source: ImageSource): AsyncGenerator<Images> {
  const [height, width, channels] = source.shape;
  const indices = evenly(source.count, source.inMemory ? undefined : STATISTICS_SAMPLE);
  for (let i = 0; i < indices.length; i += 256) {
    const chosen = indices.slice(i, i + 256);
    yield { count: chosen.length, height, width, channels, pixels: await source.read(chosen) };
  }
}

/** Indices of `limit` of `count` things, from first to last. */
function evenly(count: number, limit: number | undefined): number[] {
  const length = Math.min(count, limit ?? count);
  return Array.from({ length }, (_, i) => Math.floor((i * count) / length));
}

/** The first `limit` of them. */
export function first(images: LabelledImages, limit: number | undefined): LabelledImages {
  if (limit === undefined || limit >= images.count) return images;
  const { height, width, channels, pixels, labels } = images;
  const bytes = limit * height * width * channels;
  return { count: limit, height, width, channels, pixels: pixels.slice(0, bytes), labels: labels.slice(0, limit) };
}
