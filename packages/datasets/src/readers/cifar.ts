/**
 * CIFAR-10 and CIFAR-100, "binary version": files without a header, made of records of one or two label bytes and three planes
 * (red, green, blue) of 32 x 32 bytes. Format: https://www.cs.toronto.edu/~kriz/cifar.html
 */
import { type ByteReader, openBytes } from '../bytes/reader.ts';
import { looksLike, sniff, SNIFF_BYTES } from '../bytes/sniff.ts';
import type { ByteSource } from '../bytes/source.ts';
import { DataFileError } from '../errors.ts';
import type { LabelledImages } from '../images/images.ts';
import { collectImages } from '../images/join.ts';
import { checkReadOptions, type ReadOptions } from './options.ts';

const SIDE = 32;
const PLANE = SIDE * SIDE;
const CHANNELS = 3;

/** One of the two record formats. */
interface RecordFormat {
  readonly operation: string;
  readonly title: string;
  readonly archive: string;
  /** The label bytes at the start of a record, in their order: name and number of classes. */
  readonly labels: readonly { readonly name: string; readonly classes: number }[];
  readonly bytes: number;
}

const CIFAR10: RecordFormat = {
  operation: 'readCifar10',
  title: 'CIFAR-10',
  archive: 'cifar-10-binary.tar.gz',
  labels: [{ name: 'label', classes: 10 }],
  bytes: 1 + CHANNELS * PLANE,
};

const CIFAR100: RecordFormat = {
  operation: 'readCifar100',
  title: 'CIFAR-100',
  archive: 'cifar-100-binary.tar.gz',
  labels: [
    { name: 'coarse label', classes: 20 },
    { name: 'fine label', classes: 100 },
  ],
  bytes: 2 + CHANNELS * PLANE,
};

/**
 * Streams a CIFAR-10 file (`data_batch_1.bin` ... `test_batch.bin`), batch by batch: labels 0..9, pixels NHWC.
 *
 * @throws DataFileError from the iteration, at the first thing that is wrong; DatasetArgumentError for a wrong option
 */
export function readCifar10(
  source: ByteSource,
  options: ReadOptions = {},
): AsyncGenerator<LabelledImages, void, undefined> {
  return readRecords(CIFAR10, source, options);
}

/** As `readCifar10`, for `train.bin` and `test.bin` of CIFAR-100: fine labels 0..99 and coarse labels 0..19. */
export function readCifar100(
  source: ByteSource,
  options: ReadOptions = {},
): AsyncGenerator<LabelledImages, void, undefined> {
  return readRecords(CIFAR100, source, options);
}

/** A whole CIFAR-10 file. Errors as of `readCifar10`. */
export function loadCifar10(source: ByteSource, options: ReadOptions = {}): Promise<LabelledImages> {
  return collectImages(readCifar10(source, options));
}

/** A whole CIFAR-100 file. Errors as of `readCifar100`. */
export function loadCifar100(source: ByteSource, options: ReadOptions = {}): Promise<LabelledImages> {
  return collectImages(readCifar100(source, options));
}

async function* readRecords(
  format: RecordFormat,
  source: ByteSource,
  options: ReadOptions,
): AsyncGenerator<LabelledImages, void, undefined> {
  const batching = checkReadOptions(format.operation, [SIDE, SIDE, CHANNELS], options);
  const bytes = await openBytes(format.operation, source);
  try {
    await checkStart(format, bytes);
    for (let first = 0; !(await bytes.atEnd()); first += batching.size) {
      const records = await bytes.take(batching.size * format.bytes);
      const batch = decodeRecords(format, bytes.name, records, first);
      const over = records.length % format.bytes;
      if (over > 0) throw notWhole(format, bytes.name, first + batch.count, over);
      yield batching.fit(batch);
    }
  } finally {
    await bytes.close();
  }
}

/** The format has no magic: an impossible first label or a wrong size is where a foreign file shows itself. */
async function checkStart(format: RecordFormat, bytes: ByteReader): Promise<void> {
  const head = await bytes.peek(SNIFF_BYTES);
  const fault = { file: bytes.name, accepted: acceptedBy(format) };
  if (head.length === 0) throw new DataFileError('truncated-file', { ...fault, found: looksLike(head) });
  if (format.labels.some(({ classes }, i) => head[i] >= classes)) {
    const found = `${looksLike(head)}${bytes.gzip ? ' inside gzip' : ''}`;
    throw new DataFileError('foreign-file', { ...fault, found, hint: advice(format, head) });
  }
  if (bytes.size === undefined || bytes.size % format.bytes === 0) return;
  const other = format === CIFAR10 ? CIFAR100 : CIFAR10;
  if (bytes.size % other.bytes === 0) {
    const found = `${bytes.size} bytes, a whole number of ${other.title} records`;
    throw new DataFileError('foreign-file', { ...fault, found, hint: `Read it with ${other.operation}.` });
  }
  throw notWhole(format, bytes.name, Math.floor(bytes.size / format.bytes), bytes.size % format.bytes);
}

function decodeRecords(format: RecordFormat, file: string, records: Uint8Array, first: number): LabelledImages {
  const count = Math.floor(records.length / format.bytes);
  const columns = format.labels.map(() => new Uint8Array(count));
  const pixels = new Uint8Array(count * PLANE * CHANNELS);
  for (let n = 0; n < count; n++) {
    const record = n * format.bytes;
    for (let i = 0; i < format.labels.length; i++) {
      const { name, classes } = format.labels[i];
      const label = records[record + i];
      if (label >= classes) {
        const found = `${name} ${label} in record ${first + n}`;
        throw new DataFileError('label-out-of-range', { file, found, accepted: `0 to ${classes - 1}` });
      }
      columns[i][n] = label;
    }
    const red = record + format.labels.length;
    let to = n * PLANE * CHANNELS;
    for (let i = red; i < red + PLANE; i++) {
      pixels[to++] = records[i];
      pixels[to++] = records[i + PLANE];
      pixels[to++] = records[i + 2 * PLANE];
    }
  }
  const images = { count, height: SIDE, width: SIDE, channels: CHANNELS, pixels };
  return columns.length === 1
    ? { ...images, labels: columns[0] }
    : { ...images, labels: columns[1], coarseLabels: columns[0] };
}

function notWhole(format: RecordFormat, file: string, records: number, over: number): DataFileError {
  const found = `${records} records and ${over} bytes more`;
  const hint = 'Was the download or the copy cut off?';
  return new DataFileError('truncated-file', { file, found, accepted: acceptedBy(format), hint });
}

function acceptedBy(format: RecordFormat): string {
  return `whole ${format.title} binary records of ${format.bytes} bytes`;
}

function advice(format: RecordFormat, head: Uint8Array): string {
  if (sniff(head) === 'a tar archive') return 'Unpack the archive (tar -xf) and give the .bin files in it.';
  return `The right archive is called ${format.archive} ("binary version").`;
}
