/**
 * IDX, the format of MNIST and its successors (Fashion-MNIST, EMNIST): big-endian, a magic number of two zero bytes, the
 * type (8 is uint8) and the rank; one uint32 per dimension; then the values. Images have rank 3, labels rank 1.
 */
import { type ByteReader, openBytes } from '../bytes/reader.ts';
import { looksLike, SNIFF_BYTES } from '../bytes/sniff.ts';
import type { ByteSource } from '../bytes/source.ts';
import { DatasetArgumentError, DataFileError } from '../errors.ts';
import type { LabelledImages } from '../images/images.ts';
import { collectImages } from '../images/join.ts';
import { checkBatchSize, checkReadOptions, type ReadOptions } from './options.ts';

const OPERATION = 'readIdx';
const MAX_SIDE = 4096;

/** The two files of an IDX set, either of them gzip or not. */
export interface IdxSources {
  /** e.g. `t10k-images-idx3-ubyte.gz` */
  readonly images: ByteSource;
  /** e.g. `t10k-labels-idx1-ubyte.gz` */
  readonly labels: ByteSource;
}

export interface IdxOptions extends ReadOptions {
  /** Labels are 0..classes-1. Default 10. */
  readonly classes?: number;
}

/**
 * Streams IDX images with their labels: pixels [n, height, width, 1]. The labels, a byte per image, are read first.
 *
 * @throws DataFileError from the iteration, at the first thing that is wrong; DatasetArgumentError for a wrong option
 */
export async function* readIdx(
  sources: IdxSources,
  options: IdxOptions = {},
): AsyncGenerator<LabelledImages, void, undefined> {
  checkBatchSize(OPERATION, options);
  const labels = await readIdxLabels(sources.labels, options.classes);
  const bytes = await openBytes(OPERATION, sources.images);
  try {
    const [count, height, width] = await readHeader(bytes, 'images');
    checkCounts(bytes.name, count, labels.length);
    const batching = checkReadOptions(OPERATION, [height, width, 1], options);
    const imageBytes = height * width;
    for (let first = 0; first === 0 || first < count; first += batching.size) {
      // (a set of no images is one empty batch, so that its shape is known)
      const size = Math.min(batching.size, count - first);
      const pixels = await bytes.take(size * imageBytes);
      if (pixels.length < size * imageBytes)
        throw cutOff(bytes.name, count, first + Math.floor(pixels.length / imageBytes));
      const batch = { count: size, height, width, channels: 1, pixels, labels: labels.slice(first, first + size) };
      if (first + size === count) await checkEnd(bytes);
      yield batching.fit(batch);
    }
  } finally {
    await bytes.close();
  }
}

/** All of an IDX set. Errors as of `readIdx`. */
export function loadIdx(sources: IdxSources, options: IdxOptions = {}): Promise<LabelledImages> {
  return collectImages(readIdx(sources, options));
}

/**
 * The labels alone.
 *
 * @param classes labels are 0..classes-1
 * @throws DataFileError at the first thing that is wrong; DatasetArgumentError
 */
export async function readIdxLabels(source: ByteSource, classes = 10): Promise<Uint8Array> {
  if (!Number.isInteger(classes) || classes < 1 || classes > 256) {
    throw new DatasetArgumentError(OPERATION, 'classes', classes, 'an integer from 1 to 256');
  }
  const bytes = await openBytes(OPERATION, source);
  try {
    const [count] = await readHeader(bytes, 'labels');
    const labels = await bytes.take(count);
    if (labels.length < count) throw cutOff(bytes.name, count, labels.length);
    await checkEnd(bytes);
    const wrong = labels.findIndex((label) => label >= classes);
    if (wrong >= 0) {
      const fault = {
        file: bytes.name,
        found: `label ${labels[wrong]} at index ${wrong}`,
        accepted: `0 to ${classes - 1}`,
      };
      throw new DataFileError('label-out-of-range', fault);
    }
    return labels;
  } finally {
    await bytes.close();
  }
}

/** The dimensions, after everything was checked that can be known before the values are read. */
async function readHeader(bytes: ByteReader, kind: 'images' | 'labels'): Promise<number[]> {
  const rank = kind === 'images' ? 3 : 1;
  const file = bytes.name;
  const accepted = `IDX ${kind} of uint8 (magic 00 00 08 0${rank})`;
  const head = await bytes.peek(SNIFF_BYTES);
  if (head[0] !== 0 || head[1] !== 0 || head[2] !== 8 || head[3] !== rank) {
    const found = `${looksLike(head)}${bytes.gzip ? ' inside gzip' : ''}`;
    const swapped = head[0] === 0 && head[1] === 0 && head[2] === 8 && head[3] === 4 - rank;
    const hint = swapped ? 'Are the images and the labels swapped?' : undefined;
    throw new DataFileError(head.length === 0 ? 'truncated-file' : 'foreign-file', { file, found, accepted, hint });
  }
  const length = 4 + 4 * rank;
  const header = await bytes.take(length);
  if (header.length < length) {
    const found = `a header of ${header.length} bytes`;
    throw new DataFileError('truncated-file', { file, found, accepted: `one of ${length} bytes` });
  }
  const view = new DataView(header.buffer, header.byteOffset, header.byteLength);
  const dimensions = Array.from({ length: rank }, (_, i) => view.getUint32(4 + 4 * i));
  const [count, ...sides] = dimensions;
  if (sides.some((side) => side < 1 || side > MAX_SIDE)) {
    const found = `images of ${sides.join(' x ')} pixels in the header`;
    throw new DataFileError('invalid-header', { file, found, accepted: `1 to ${MAX_SIDE} pixels each way` });
  }
  const sampleBytes = sides.reduce((product, side) => product * side, 1);
  if (bytes.size !== undefined && bytes.size < length + count * sampleBytes) {
    throw cutOff(file, count, Math.floor((bytes.size - length) / sampleBytes));
  }
  if (bytes.size !== undefined && bytes.size > length + count * sampleBytes) {
    throw trailing(file, bytes.size - length - count * sampleBytes);
  }
  return dimensions;
}

async function checkEnd(bytes: ByteReader): Promise<void> {
  const more = (await bytes.peek(1)).length;
  if (more > 0) throw trailing(bytes.name, more);
}

function checkCounts(file: string, images: number, labels: number): void {
  if (images === labels) return;
  const hint = 'Are the two files of the same set and split?';
  throw new DataFileError('count-mismatch', {
    file,
    found: `${images} images`,
    accepted: `${labels}, one per label`,
    hint,
  });
}

function cutOff(file: string, count: number, whole: number): DataFileError {
  const fault = { file, found: `${whole} whole samples`, accepted: `${count}, as the header says` };
  return new DataFileError('truncated-file', { ...fault, hint: 'Was the download or the copy cut off?' });
}

function trailing(file: string, bytes: number): DataFileError {
  const fault = { file, found: `bytes after the last sample (${bytes} or more)`, accepted: 'none, as the header says' };
  return new DataFileError('trailing-bytes', fault);
}
