/** The catalogue says what lies in `trained/`, and that loads as the zoo's own network. */
import { readFileSync, statSync } from 'node:fs';
import { type DatasetId, DATASETS } from '@hetconv/datasets';
import { fileSystem } from '@hetconv/layers/node';
import { describeTraining, findTrained, nameTrained, TRAINED, type TrainedNetwork } from '@hetconv/weights';
import { trainedFolder } from '@hetconv/weights/node';
import '@tensorflow/tfjs-backend-cpu';
import { loadLayersModel } from '@tensorflow/tfjs-layers';
import { describe, expect, it } from 'vitest';
import { CATALOGUE_FILE, catalogueText } from '../tools/catalogue.ts';

/** What the repository may hold of weights, in bytes. */
const LIMIT = 20e6;

describe('catalogue', () => {
  it('is what tools/add.ts makes of the folders', () => {
    expect(prose(readFileSync(CATALOGUE_FILE, 'utf8'))).toBe(prose(catalogueText()));
  });

  it('stays below 20 MB', () => {
    expect(TRAINED.reduce((total, { bytes }) => total + bytes, 0)).toBeLessThan(LIMIT);
  });

  it('finds by what is given', () => {
    expect(findTrained()).toEqual(TRAINED);
    for (const network of TRAINED) {
      const { model, kind, part, dataset } = network;
      expect(findTrained({ model, kind, part, dataset })).toEqual([network]);
    }
    const [standard] = findTrained({ kind: 'standard' });
    expect(findTrained({ ...standard, part: 4 })).toEqual([standard]);
    expect(findTrained({ model: 'no-network' })).toEqual([]);
  });

  it('says which network it is and how well it was trained', () => {
    const facts = { id: 'x', model: 'lenet', kind: 'hetconv', part: 4, dataset: 'mnist', seed: 3 };
    const result = { epochs: 20, accuracy: 0.9876, testImages: 10_000, bytes: 1, command: '' };
    const network: TrainedNetwork = { ...facts, ...result };
    expect(nameTrained(network)).toBe('lenet, hetconv, P=4, on mnist');
    expect(nameTrained({ ...network, kind: 'standard', part: 'none' })).toBe('lenet, standard, on mnist');
    expect(describeTraining(network)).toBe('mnist, 20 epochs, seed 3: 98.76 % of 10000 test images');
  });
});

describe.each(TRAINED.map((network) => [network.id, network] as const))('%s', (_, network) => {
  it('loads, names itself and holds numbers', async () => {
    const model = await loadLayersModel(fileSystem(trainedFolder(network)));
    const { hetconv } = model.getUserDefinedMetadata() as { readonly hetconv: Readonly<Record<string, unknown>> };
    expect(hetconv).toMatchObject({ model: network.model, convKind: network.kind, dataset: network.dataset });
    if (network.part !== 'none') expect(hetconv.part).toBe(network.part);
    const { classes, shape } = DATASETS[network.dataset as DatasetId];
    expect(hetconv).toMatchObject({ classNames: classes, imageShape: shape });
    for (const weight of model.getWeights()) {
      const values = await weight.data();
      expect(values.every(Number.isFinite)).toBe(true);
    }
    model.dispose();
  });

  it('comes with its log, and names no folder of the machine that trained it', () => {
    const folder = trainedFolder(network);
    expect(statSync(`${folder}log.jsonl`).size).toBeGreaterThan(0);
    expect(network.command).toMatch(/^hetconv train \S+ .*--data \S+:FOLDER/);
    expect(readFileSync(`${folder}training.json`, 'utf8')).not.toMatch(/"[^"]*(\/home|\/tmp|\/work)\//);
  });
});

/** Without what the formatter changes. */
function prose(text: string): string {
  return text.replaceAll(/[\s,'"]+/g, '');
}
