/** Labelled images to try a network on, their labels in the order of the network's outputs. */
import { type DatasetId, DATASETS } from '@hetconv/datasets';
import { fashionMnistSample, listClassFolder, loadDataset, splitClassFolder } from '@hetconv/datasets/node';
import type { ImageSource, TrainingStamp } from '@hetconv/train';
import { openSource } from '@hetconv/train/node';
import { FIXTURE, type InputShape } from '../images/load.ts';
import { UsageError } from '../output/failure.ts';
import { DATA_HELP, filesOf, first, nameOf, parseData } from './load-data.ts';

/** What `--data` takes where nothing is trained. */
export const EVAL_DATA_HELP = `${FIXTURE.name} (512 test images of Fashion-MNIST that come along), ${DATA_HELP}`;

/** Which images of a set: those to test with, those to train on, or (of a folder of pictures) all of them. */
export const SPLITS = ['test', 'train', 'all'] as const;
export type SplitChoice = (typeof SPLITS)[number];

export interface SplitOptions {
  readonly split: SplitChoice;
  /** What the network takes. */
  readonly shape: InputShape;
  /** Use only so many images: the first ones of a set, of a folder evenly spaced ones. */
  readonly limit: number | undefined;
}

/** Which known set the images of `--data` are of; undefined for a folder of pictures. */
export function datasetOf(value: string): DatasetId | undefined {
  return value === FIXTURE.name ? FIXTURE.of : parseData(value).id;
}

/**
 * @param value `fixture`, `cifar10`, `cifar10:FOLDER`, ..., or a folder
 * @param stamp of the network; undefined where it does not say how it was trained
 * @throws UsageError for a value that is none of these, a part that the set does not have, or a class that the network does not
 *   know; DataNotFoundError, DataFileError
 */
export async function selectSplit(
  value: string,
  options: SplitOptions,
  stamp: TrainingStamp | undefined,
): Promise<{ readonly name: string; readonly images: ImageSource }> {
  const { name, classes, images } = await loadSplit(value, options, stamp?.imageShape);
  return { name, images: stamp === undefined ? images : relabelled(images, classes, stamp.classNames) };
}

interface Split {
  readonly name: string;
  readonly classes: readonly string[];
  readonly images: ImageSource;
}

async function loadSplit(
  value: string,
  { split, shape, limit }: SplitOptions,
  original: TrainingStamp['imageShape'],
): Promise<Split> {
  if (value === FIXTURE.name) {
    if (split !== 'test') throw new UsageError(`--split: ${FIXTURE.name} holds test images only.`);
    const images = first(await fashionMnistSample({ shape }), limit);
    return { name: value, classes: DATASETS[FIXTURE.of].classes, images: openSource({ kind: 'memory', images }) };
  }
  const { id, folder } = parseData(value);
  if (id === undefined) {
    const part = split === 'all' ? await listClassFolder(folder) : (await splitClassFolder(folder))[split];
    const images = openSource(filesOf(part, shape, limit, original));
    return { name: nameOf(folder), classes: part.classes, images };
  }
  if (split === 'all') throw new UsageError(`--split: ${id} comes in two parts, train and test; all is for folders.`);
  const images = first(await loadDataset(id, split, { data: folder, shape }), limit);
  return { name: id, classes: DATASETS[id].classes, images: openSource({ kind: 'memory', images }) };
}

/** By name: a folder with some of the classes, or in another order, is judged right. */
function relabelled(images: ImageSource, from: readonly string[], to: readonly string[]): ImageSource {
  const unknown = from.find((name) => !to.includes(name));
  if (unknown !== undefined) {
    throw new UsageError(`--data: the network knows no class '${unknown}', only ${to.join(', ')}.`);
  }
  const numbers = from.map((name) => to.indexOf(name));
  return { ...images, labels: Array.from(images.labels, (label) => numbers[label]) };
}
