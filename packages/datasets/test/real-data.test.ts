/** The public sets themselves, where HETCONV_DATA names a folder that holds them. */
import '@tensorflow/tfjs-backend-cpu';
import { setBackend } from '@tensorflow/tfjs-core';
import { beforeAll, describe, expect, it, type TestContext } from 'vitest';
import { channelStatistics, type DatasetId, DATASETS, imagesToTensor, selectImages, type Split } from '../src/index.ts';
import {
  dataFolder,
  fashionMnistSample,
  findDatasets,
  listImageFolder,
  loadDataset,
  loadImageFolder,
  type LocatedSplit,
  readSplit,
  verifyDataset,
} from '../src/node.ts';

const DATA = dataFolder();
let found: readonly LocatedSplit[] = [];
beforeAll(async () => {
  if (DATA !== undefined) found = await findDatasets({ data: DATA });
});

function requireData(context: TestContext): string {
  if (DATA === undefined) context.skip('HETCONV_DATA is not set');
  return DATA;
}

function requireSplit(context: TestContext, id: DatasetId, split: Split): LocatedSplit {
  const data = requireData(context);
  const located = found.find((candidate) => candidate.info.id === id && candidate.split === split);
  if (located === undefined) context.skip(`not in ${data}`);
  return located;
}

describe('the public sets', () => {
  for (const { id, title, splits, classes, shape, statistics } of Object.values(DATASETS)) {
    for (const split of ['train', 'test'] as const) {
      it(`${title}, ${split}: checksums, counts, classes and statistics`, { timeout: 300_000 }, async (context) => {
        const located = requireSplit(context, id, split);
        const listed = splits[split].filter(({ sha256 }) => sha256 !== undefined).length;
        const verified = (await verifyDataset(located)).filter(({ status }) => status === 'verified').length;
        expect(verified).toBe(listed);
        const perClass = classes.map(() => 0);
        for await (const batch of readSplit(located)) {
          expect([batch.height, batch.width, batch.channels]).toEqual(shape);
          for (const label of batch.labels) perClass[label]++;
        }
        const count = splits[split].reduce((sum, file) => sum + (file.holds === 'labels' ? 0 : file.count), 0);
        expect(perClass).toEqual(classes.map(() => count / classes.length)); // all three sets are balanced
        const measured =
          split === 'train' && statistics !== undefined ? await channelStatistics(readSplit(located)) : undefined;
        expect(measured).toEqual(split === 'train' ? statistics : undefined);
      });
    }
  }

  it('begin, in the test set of Fashion-MNIST, with the fixture', async (context) => {
    const { folder } = requireSplit(context, 'fashion-mnist', 'test');
    const sample = await fashionMnistSample();
    const whole = await loadDataset('fashion-mnist', 'test', { data: folder });
    const first = Array.from({ length: sample.count }, (_, n) => n);
    expect(sample).toEqual(selectImages(whole, first));
  });
});

describe('real pictures', () => {
  it('decode, all that lie below the folder', { timeout: 300_000 }, async (context) => {
    const data = requireData(context);
    await setBackend('cpu');
    const names = await listImageFolder(data, { recursive: true }).catch(() => []);
    if (names.length === 0) context.skip(`no PNG or JPEG below ${data}`);
    const options = { recursive: true, resize: { height: 32, width: 32, mode: 'cover' } } as const;
    const { files, images } = await loadImageFolder(data, options);
    expect(files).toEqual(names);
    const tensor = imagesToTensor(images);
    expect(tensor.shape).toEqual([names.length, 32, 32, 3]);
    tensor.dispose();
  });
});
