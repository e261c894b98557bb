/** The known sets, from a folder to batches: locates the files, reads them one after the other, and counts. */
import type { DatasetId, Split } from '../catalogue/datasets.ts';
import { DataFileError } from '../errors.ts';
import type { LabelledImages } from '../images/images.ts';
import { collectImages } from '../images/join.ts';
import { readCifar10, readCifar100 } from '../readers/cifar.ts';
import { readIdx } from '../readers/idx.ts';
import type { ReadOptions } from '../readers/options.ts';
import { fileSource } from './file-source.ts';
import { type DataOptions, locateDataset, type LocatedFile, type LocatedSplit } from './locate.ts';
import { verifyDataset } from './verify.ts';

export interface DatasetOptions extends ReadOptions, DataOptions {
  /** Compare the checksums before the first batch; reads every file twice. Default false. */
  readonly verify?: boolean;
  /** Accept files with another number of images than the published ones. Default false. */
  readonly subset?: boolean;
}

/**
 * Streams one split, batch by batch, in the order of its files. A batch never spans two files.
 *
 * @throws from the iteration: DataNotFoundError, DataFileError, DatasetArgumentError
 */
export async function* readDataset(
  id: DatasetId,
  split: Split,
  options: DatasetOptions = {},
): AsyncGenerator<LabelledImages, void, undefined> {
  yield* readSplit(await locateDataset(id, split, options), options);
}

/** A whole split in memory. Errors as of `readDataset`. */
export async function loadDataset(id: DatasetId, split: Split, options: DatasetOptions = {}): Promise<LabelledImages> {
  const located = await locateDataset(id, split, options);
  const images = located.files.filter(({ holds }) => holds !== 'labels');
  const count = images.reduce((sum, file) => sum + file.count, 0);
  return collectImages(readSplit(located, options), options.subset === true ? undefined : count);
}

/** As `readDataset`, of files that were located before. */
export async function* readSplit(
  located: LocatedSplit,
  options: Omit<DatasetOptions, keyof DataOptions> = {},
): AsyncGenerator<LabelledImages, void, undefined> {
  const { info, files } = located;
  if (options.verify === true) await verifyDataset(located);
  for (const file of files) {
    if (file.holds === 'labels') continue; // read beside their images
    const source = await fileSource(file.path);
    if (file.holds === 'records') {
      const batches = info.format === 'cifar100' ? readCifar100(source, options) : readCifar10(source, options);
      yield* counted(batches, file, source.size, options);
    } else {
      const labels = files.filter(({ holds }) => holds === 'labels')[0];
      const sources = { images: source, labels: await fileSource(labels.path) };
      yield* counted(readIdx(sources, { ...options, classes: info.classes.length }), file, source.size, options);
    }
  }
}

/** Passes the batches on, and refuses a file that holds another number of images than the published one. */
async function* counted(
  batches: AsyncIterable<LabelledImages>,
  file: LocatedFile,
  size: number,
  { subset = false }: DatasetOptions,
): AsyncGenerator<LabelledImages, void, undefined> {
  let count = 0;
  const refuse = (found: string): never => {
    const accepted = `${file.count} images (${file.size} bytes unpacked), as published`;
    const hint = 'The option subset accepts other numbers.';
    throw new DataFileError('count-mismatch', { file: file.path, found, accepted, hint });
  };
  for await (const batch of batches) {
    // a wrong size is told before anything is handed out, but after the reader looked at what the file is at all
    if (!subset && count === 0 && size !== file.size && !file.path.endsWith('.gz')) refuse(`${size} bytes`);
    count += batch.count;
    if (!subset && count > file.count) refuse(`${count} images or more`);
    yield batch;
  }
  if (!subset && count < file.count) refuse(`${count} images`);
}
