import { createHash } from 'node:crypto';
import { mkdir, readdir, readlink, rm, symlink } from 'node:fs/promises';
import { join as path } from 'node:path';
import { describe, expect, it } from 'vitest';
import { DATASETS, loadCifar10, type LabelledImages } from '../src/index.ts';
import {
  dataFolder,
  fileSource,
  findDatasets,
  loadDataset,
  locateDataset,
  type LocatedSplit,
  readDataset,
  verifyDataset,
} from '../src/node.ts';
import { cifarFile, gzip, idxFile, randomBytes, text } from './support/bytes.ts';
import { expectArgumentError, expectFileError, expectNotFound, failureOf } from './support/failure.ts';
import { temporaryFolder } from './support/folder.ts';

const { file: BATCH, pixels: PIXELS } = cifarFile([[1], [2], [3]], 1);
const { file: BATCH100 } = cifarFile([[1, 2]], 1);
const TRAIN = Object.fromEntries([1, 2, 3, 4, 5].map((i) => [`data_batch_${i}.bin`, BATCH]));

function fashion(count: number): Record<string, Uint8Array> {
  const images = idxFile([count, 28, 28], randomBytes(count * 784, 1));
  const labels = idxFile(
    [count],
    randomBytes(count, 2).map((value) => value % 10),
  );
  return { 't10k-images-idx3-ubyte.gz': gzip(images), 't10k-labels-idx1-ubyte.gz': gzip(labels) };
}

async function countOf(batches: AsyncIterable<LabelledImages>): Promise<number> {
  let sum = 0;
  for await (const batch of batches) sum += batch.count;
  return sum;
}

describe('fileSource', () => {
  it('streams a file, plain and gzip', async () => {
    const folder = await temporaryFolder({ 'a.bin': BATCH, 'a.bin.gz': gzip(BATCH) });
    for (const name of ['a.bin', 'a.bin.gz']) {
      expect((await loadCifar10(await fileSource(path(folder, name)))).pixels).toEqual(PIXELS);
    }
  });

  it('opens no file before it is read, and closes it on leaving early', async (context) => {
    const folder = await temporaryFolder({ 'a.bin': randomBytes(1_000_000, 1) });
    const file = path(folder, 'a.bin');
    if ((await openHandles(file)) === undefined)
      context.skip('this system has no /proc/self/fd to count open files in');
    const source = await fileSource(file);
    expect(await openHandles(file)).toBe(0);
    for await (const chunk of source.stream()) {
      expect(await openHandles(file)).toBe(1);
      if (chunk.length > 0) break;
    }
    await expect.poll(() => openHandles(file)).toBe(0);
  });

  it('names the path and the reason where there is no file', async () => {
    const folder = await temporaryFolder({});
    await expectFileError(fileSource(path(folder, 'none.bin')), 'unreadable-file', 'none.bin', 'no such file');
    await expectFileError(fileSource(folder), 'unreadable-file', 'a folder');
  });

  it('names the reason where a file cannot be read', async () => {
    const folder = await temporaryFolder({ 'a.bin': BATCH });
    const [file, loop] = [path(folder, 'a.bin'), path(folder, 'loop.bin')];
    await symlink(loop, loop);
    await expectFileError(fileSource(loop), 'unreadable-file', 'ELOOP');
    const source = await fileSource(file);
    await rm(file);
    await expectFileError(loadCifar10(source), 'unreadable-file', 'a.bin', 'no such file');
  });
});

describe('dataFolder', () => {
  it('is the folder given, else HETCONV_DATA', () => {
    expect(dataFolder({ data: 'a', env: { HETCONV_DATA: 'b' } })).toBe('a');
    expect(dataFolder({ env: { HETCONV_DATA: 'b' } })).toBe('b');
    expect(dataFolder({ data: '', env: {} })).toBeUndefined();
    expect(dataFolder({ env: { HETCONV_DATA: '' } })).toBeUndefined();
  });
});

describe('locateDataset', () => {
  it('finds a set in its folder, in a folder of sets, packed or not', async () => {
    const places = ['', 'cifar-10-batches-bin/', 'cifar10/'];
    for (const place of places) {
      const data = await temporaryFolder({ [`${place}test_batch.bin`]: BATCH });
      expect(await locateDataset('cifar10', 'test', { data })).toMatchObject({
        folder: path(data, place).replace(/\/$/, ''),
        files: [{ name: 'test_batch.bin', path: path(data, `${place}test_batch.bin`) }],
      });
    }
    const data = await temporaryFolder({
      'FashionMNIST/raw/t10k-images-idx3-ubyte': '',
      ...prefixed('FashionMNIST/raw/', fashion(1)),
    });
    const { files } = await locateDataset('fashion-mnist', 'test', { env: { HETCONV_DATA: data } });
    expect(files.map((file) => file.path)).toEqual([
      path(data, 'FashionMNIST/raw/t10k-images-idx3-ubyte'), // the plain file first
      path(data, 'FashionMNIST/raw/t10k-labels-idx1-ubyte.gz'),
    ]);
  });

  it('says what to do when no folder is named: where the set is, its files, their checksums', async () => {
    for (const info of Object.values(DATASETS)) {
      const files = [...info.splits.train, ...info.splits.test];
      await expectNotFound(
        locateDataset(info.id, 'test', { env: {} }),
        '--data FOLDER',
        'HETCONV_DATA',
        info.homepage,
        info.download,
        info.licence,
        ...files.flatMap(({ name, published }) => [name, published?.md5 ?? 'no verified checksum']),
      );
    }
  });

  it('says where it looked, and what is missing', async () => {
    const data = await temporaryFolder({ 'data_batch_1.bin': BATCH });
    await expectNotFound(
      locateDataset('cifar10', 'train', { data }),
      data,
      'data_batch_5.bin',
      'cifar-10-batches-bin',
      'kriz',
    );
    await expectNotFound(locateDataset('cifar10', 'train', { data: path(data, 'none') }), path(data, 'none'));
    const error = await failureOf(locateDataset('cifar10', 'test', { data }));
    expect(error).toMatchObject({
      dataset: 'cifar10',
      searched: [data, ...DATASETS.cifar10.folders.map((f) => path(data, f))],
    });
  });

  it('takes a folder for no file', async () => {
    const data = await temporaryFolder({});
    await mkdir(path(data, 'test_batch.bin'));
    await expectNotFound(locateDataset('cifar10', 'test', { data }), 'test_batch.bin');
  });

  it('refuses sets and splits that do not exist', async () => {
    await expectArgumentError(
      locateDataset('cifar' as never, 'test'),
      'id',
      "'cifar'",
      'cifar10, cifar100, fashion-mnist',
    );
    await expectArgumentError(locateDataset('cifar10', 'val' as never), 'split', "'val'");
  });
});

describe('findDatasets', () => {
  it('lists all that is there', async () => {
    const data = await temporaryFolder({
      ...prefixed('cifar-10-batches-bin/', { ...TRAIN, 'test_batch.bin': BATCH }),
      ...prefixed('cifar-100-binary/', { 'test.bin': BATCH100 }),
      ...prefixed('fashion-mnist/', fashion(1)),
    });
    const found = (await findDatasets({ data })).map(({ info, split }) => `${info.id} ${split}`);
    expect(found).toEqual(['cifar10 train', 'cifar10 test', 'cifar100 test', 'fashion-mnist test']);
    expect(await findDatasets({ data: path(data, 'none') })).toEqual([]);
  });
});

describe('readDataset', () => {
  it('reads the files of a split in their order', async () => {
    const files = [1, 2, 3, 4, 5].map((label) => cifarFile([[label], [label]], label));
    const data = await temporaryFolder(
      Object.fromEntries(files.map(({ file }, i) => [`data_batch_${i + 1}.bin`, file])),
    );
    const whole = await loadDataset('cifar10', 'train', { data, subset: true });
    expect([...whole.labels]).toEqual([1, 1, 2, 2, 3, 3, 4, 4, 5, 5]);
    expect([...whole.pixels]).toEqual(files.flatMap(({ pixels }) => [...pixels]));
  });

  it('reads IDX pairs and CIFAR-100, and fits shapes', async () => {
    const data = await temporaryFolder({ ...fashion(5), 'test.bin': BATCH100 });
    const options = { data, subset: true };
    const whole = await loadDataset('fashion-mnist', 'test', { ...options, shape: [32, 32, 3] });
    expect([whole.count, whole.height, whole.width, whole.channels]).toEqual([5, 32, 32, 3]);
    expect((await loadDataset('cifar100', 'test', options)).coarseLabels).toEqual(Uint8Array.of(1));
  });

  it('refuses another number of images than the published one, unless told', async () => {
    const data = await temporaryFolder({
      'test_batch.bin': BATCH,
      'cifar-100-binary/test.bin.gz': gzip(BATCH100),
      ...fashion(4),
    });
    const first = await failureOf(readDataset('cifar10', 'test', { data }).next());
    expect(first).toMatchObject({ code: 'count-mismatch', found: '9219 bytes' }); // before anything is handed out
    await expectFileError(
      readDataset('cifar100', 'test', { data }),
      'count-mismatch',
      '1 images',
      '10000 images',
      'subset',
    );
    await expectFileError(readDataset('fashion-mnist', 'test', { data }), 'count-mismatch', '4 images');
    await expectFileError(loadDataset('fashion-mnist', 'test', { data }), 'count-mismatch', '4 images');
    expect(await countOf(readDataset('fashion-mnist', 'test', { data, subset: true }))).toBe(4);
  });

  it('refuses more images than published as soon as they come', async () => {
    const data = await temporaryFolder(fashion(10_001));
    const counts: number[] = [];
    const error = await failureOf(
      (async () => {
        for await (const batch of readDataset('fashion-mnist', 'test', { data, batchSize: 5000 }))
          counts.push(batch.count);
      })(),
    );
    expect(error).toMatchObject({ code: 'count-mismatch', found: '10001 images or more' });
    expect(counts).toEqual([5000, 5000]);
  });

  it('says what a file is rather than how long it is', async () => {
    const data = await temporaryFolder({ 'test_batch.bin': text('<!doctype html><title>404') });
    await expectFileError(
      readDataset('cifar10', 'test', { data }),
      'foreign-file',
      path(data, 'test_batch.bin'),
      'HTML page',
    );
  });
});

describe('verifyDataset', () => {
  const sha256 = createHash('sha256').update(BATCH).digest('hex');

  it('compares what is inside, packed or not', async () => {
    const folder = await temporaryFolder({ a: BATCH, 'a.gz': gzip(BATCH) });
    for (const name of ['a', 'a.gz']) {
      const file = path(folder, name);
      expect(await verifyDataset(located(file, sha256))).toEqual([{ path: file, sha256, status: 'verified' }]);
      expect(await verifyDataset(located(file, undefined))).toEqual([{ path: file, sha256, status: 'unlisted' }]);
    }
  });

  it('refuses a file that differs, also on reading', async () => {
    const folder = await temporaryFolder({ 'test_batch.bin': BATCH });
    const listed = '0'.repeat(64);
    await expectFileError(
      verifyDataset(located(path(folder, 'test_batch.bin'), listed)),
      'checksum-mismatch',
      sha256,
      listed,
    );
    const reading = readDataset('cifar10', 'test', { data: folder, subset: true, verify: true });
    await expectFileError(reading, 'checksum-mismatch', sha256, 'damaged');
  });
});

/** A set whose only file has a known checksum, or none. */
function located(file: string, checksum: string | undefined): LocatedSplit {
  const [published] = DATASETS.cifar100.splits.test; // has no checksum
  const files = [{ ...published, path: file, ...(checksum === undefined ? {} : { sha256: checksum }) }];
  return { info: DATASETS.cifar100, split: 'test', folder: '', files };
}

/** How often this process has a file open; undefined where the system does not tell. */
async function openHandles(file: string): Promise<number | undefined> {
  const handles = await readdir('/proc/self/fd').catch(() => undefined);
  const targets = handles?.map((handle) => readlink(`/proc/self/fd/${handle}`).catch(() => ''));
  return targets && (await Promise.all(targets)).filter((target) => target === file).length;
}

function prefixed<T>(prefix: string, files: Readonly<Record<string, T>>): Record<string, T> {
  return Object.fromEntries(Object.entries(files).map(([name, content]) => [prefix + name, content]));
}
