/** Weights that come along: `eval` and `predict` use them, on the images that come along. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import '../src/backends/tfjs.ts';
import { FASHION_MNIST_CLASSES } from '@hetconv/datasets';
import { fashionMnistSample } from '@hetconv/datasets/node';
import { evaluateModel } from '@hetconv/train';
import { findTrained } from '@hetconv/weights';
import { setBackend } from '@tensorflow/tfjs-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { cpuReference } from '../src/backends/reference.ts';
import { loadPictures } from '../src/images/load.ts';
import { UsageError } from '../src/output/failure.ts';
import { findPretrained, pretrained } from '../src/training/pretrained.ts';
import { datasetOf, selectSplit } from '../src/training/select-split.ts';
import { writePictures } from './support/fixture-pictures.ts';
import { hetconv } from './support/run.ts';

const MODEL = 'resnet20-cifar';
const NETWORK = { model: MODEL, kind: 'hetconv', part: 4 } as const;
const SHAPE = [32, 32, 3] as const;
const COUNT = 8;

const folder = mkdtempSync(join(tmpdir(), 'hetconv-cli-pretrained-'));
afterAll(() => rmSync(folder, { recursive: true }));

beforeAll(async () => {
  await setBackend((await cpuReference()).name);
});

describe('pretrained weights', () => {
  it('are those of network, kind and P; of the data set that is named, else the first of the catalogue', async () => {
    const [first] = findTrained(NETWORK);
    const weights = await pretrained(NETWORK);
    expect(weights).toMatchObject({ source: `pretrained:${first.id}`, trained: first });
    expect(weights.stamp?.dataset).toBe(first.dataset);
    const standard = await pretrained({ ...NETWORK, kind: 'standard', dataset: 'fashion-mnist' });
    expect(standard.stamp).toMatchObject({ classNames: FASHION_MNIST_CLASSES, imageShape: [28, 28, 1] });
    for (const { model } of [weights, standard]) model.dispose();
  });

  it('are found by any P that makes the same network', () => {
    const network = { ...NETWORK, dataset: 'fashion-mnist' } as const;
    const [widest] = findPretrained({ ...network, part: 64 });
    expect(widest.part).toBe(64);
    for (const part of ['channels', 100] as const) expect(findPretrained({ ...network, part })).toEqual([widest]);
    expect(findPretrained({ ...network, part: 32 })).toEqual([]);
    expect(findPretrained({ ...network, model: 'no-network' })).toEqual([]);
  });

  it('list what there is where they are not', async () => {
    const asked = pretrained({ ...NETWORK, part: 5, dataset: 'fashion-mnist' });
    await expect(asked).rejects.toThrow(UsageError);
    await expect(asked).rejects.toThrow(
      /no pretrained weights of resnet20-cifar, hetconv, P=5, on fashion-mnist\. There are:[^]*resnet20-cifar, hetconv, P=64, on fashion-mnist[^]*resnet20-cifar, standard/,
    );
  });
});

describe('hetconv eval --data fixture', () => {
  it('sorts every image into the same class on cpu and wasm', async () => {
    const args = ['--weights', 'pretrained', '--data', 'fixture', '--limit', '64', '--backends', 'cpu,wasm', '--json'];
    const { code, stdout, stderr } = await hetconv('eval', MODEL, ...args);
    expect(stderr).toMatch(/note: pretrained weights of resnet20-cifar: fashion-mnist, \d+ epochs/);
    expect(code).toBe(0);
    const { rows, ...described } = JSON.parse(stdout) as { rows: Record<string, unknown>[] };
    const weights = 'pretrained:fashion-mnist/resnet20-cifar-hetconv-p4';
    expect(described).toEqual({ model: MODEL, weights, dataset: 'fixture', split: 'test' });
    const [{ correct, accuracy }] = rows;
    expect(rows).toMatchObject(
      ['cpu', 'wasm'].map((backend) => ({ backend, images: 64, correct, accuracy, differing: 0 })),
    );
  });

  it('holds test images of Fashion-MNIST', async () => {
    expect(datasetOf('fixture')).toBe('fashion-mnist');
    const options = { shape: SHAPE, limit: 1 };
    await expect(selectSplit('fixture', { ...options, split: 'train' }, undefined)).rejects.toThrow(/test images only/);
  });
});

describe('hetconv predict', () => {
  it('sees in pictures of the fixture what eval sees in the fixture', async () => {
    const { model, stamp } = await pretrained({ ...NETWORK, dataset: 'fashion-mnist' });
    if (stamp === undefined) throw new Error('The catalogue holds weights without a stamp.');
    const { images } = await selectSplit('fixture', { split: 'test', shape: SHAPE, limit: COUNT }, stamp);
    const { predictions } = await evaluateModel({ model, data: images, normalization: stamp.normalization });

    const files = writePictures(folder, await fashionMnistSample(), [...predictions.keys()]);
    const weights = ['--weights', 'pretrained:fashion-mnist'];
    const { code, stdout } = await hetconv('predict', MODEL, ...files, ...weights, '--top', '1', '--json');
    expect(code).toBe(0);
    const { images: seen } = JSON.parse(stdout) as { images: { file: string; top: { label: string }[] }[] };
    const expected = [...predictions].map((label, i) => ({ file: files[i], label: FASHION_MNIST_CLASSES[label] }));
    expect(seen.map(({ file, top: [{ label }] }) => ({ file, label }))).toEqual(expected);

    // not only the same class: the same bytes, normalised the same
    const x = await loadPictures(files, SHAPE, stamp);
    const { mean, std } = stamp.normalization;
    const bytes = await images.read([...predictions.keys()]);
    expect(await x.data()).toEqual(Float32Array.from(bytes, (byte, i) => (byte / 255 - mean[i % 3]) / std[i % 3]));
    x.dispose();
    model.dispose();
  });

  it('takes pretrained weights where none are named, and says so', async () => {
    const [picture] = writePictures(folder, await fashionMnistSample(), [0]);
    const { stderr, stdout } = await hetconv('predict', MODEL, picture, '--json');
    expect(stderr).toMatch(/note: pretrained weights of resnet20-cifar/);
    expect(JSON.parse(stdout)).toMatchObject({ weights: `pretrained:${findTrained(NETWORK)[0].id}` });
  });
});
