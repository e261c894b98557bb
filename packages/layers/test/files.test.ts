import { execFile } from 'node:child_process';
import { mkdtemp, readdir, readFile, rm, truncate, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { HE_UNIFORM, InvalidArgumentError, UnsupportedError } from '@hetconv/core';
import * as tf from '@tensorflow/tfjs-core';
import { layers, type LayersModel, loadLayersModel, sequential } from '@tensorflow/tfjs-layers';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import {
  dualConv2d,
  groupedConv2d,
  hetConv2d,
  identityShortcut,
  seededInitializer,
  weightDigest,
} from '../src/index.ts';
import { fileSystem } from '../src/node.ts';
import { leaked, uniform, useCpu } from './backend.ts';

let folder: string;
let count = 0;
const fresh = (): string => join(folder, `model-${count++}`);

beforeAll(async () => {
  await useCpu();
  folder = await mkdtemp(join(tmpdir(), 'hetconv-layers-'));
});
afterAll(() => rm(folder, { recursive: true }));

/** A model with a layer of every class of the package. */
function everyLayer(): LayersModel {
  const kernelInitializer = seededInitializer(HE_UNIFORM, 'Seed/with_CASE');
  const shared = { kernelInitializer, padding: 'same' } as const;
  return sequential({
    layers: [
      hetConv2d({ ...shared, filters: 8, kernelSize: 3, part: 3, inputShape: [6, 6, 5], activation: 'relu' }),
      hetConv2d({ ...shared, filters: 8, kernelSize: 1, part: 2 }),
      groupedConv2d({ ...shared, filters: 8, kernelSize: 3, groups: 4 }),
      dualConv2d({ ...shared, filters: 8, kernelSize: 3, groups: 2, strides: 2 }),
      identityShortcut({ filters: 10 }),
      layers.flatten(),
      layers.dense({ units: 3, kernelInitializer }),
    ],
  });
}

describe('save and load', () => {
  it('a new process predicts the same bits', async () => {
    const model = everyLayer();
    model.compile({ optimizer: 'adam', loss: 'meanSquaredError' });
    await model.trainOnBatch(uniform([2, 6, 6, 5], 'x'), uniform([2, 3], 'y')); // away from the initial values
    const path = fresh();
    await model.save(fileSystem(path));
    const y = model.predict(uniform([2, 6, 6, 5], 'predict')) as tf.Tensor;
    const program = fileURLToPath(new URL('programs/predict.ts', import.meta.url));
    const { stdout } = await promisify(execFile)(process.execPath, [program, path]);
    expect(JSON.parse(stdout)).toEqual([...new Uint32Array((await y.data()).buffer)]);
  });

  it('keeps configuration, seeds in mixed case included, weights and optimiser', async () => {
    const model = everyLayer();
    const path = fresh();
    model.compile({ optimizer: tf.train.momentum(0.1, 0.9), loss: 'meanSquaredError' });
    await model.trainOnBatch(uniform([2, 6, 6, 5], 'x'), uniform([2, 3], 'y'));
    await model.save(fileSystem(path), { includeOptimizer: true });
    const loaded = await loadLayersModel(fileSystem(path));
    expect(await weightDigest(loaded)).toBe(await weightDigest(model));
    expect(loaded.layers.map((layer) => layer.getConfig())).toEqual(model.layers.map((layer) => layer.getConfig()));
    expect(JSON.stringify(loaded.layers[0].getConfig())).toContain('Seed/with_CASE');
    const batch = [uniform([2, 6, 6, 5], 'x2'), uniform([2, 3], 'y2')] as const;
    expect(await loaded.trainOnBatch(...batch)).toEqual(await model.trainOnBatch(...batch));
    expect(await weightDigest(loaded)).toBe(await weightDigest(model));
  });

  it('leaks nothing', async () => {
    const model = everyLayer();
    const path = fresh();
    const saved = leaked(async () => void (await model.save(fileSystem(path))));
    expect(await saved).toBe(0);
    const loaded = leaked(async () => void (await loadLayersModel(fileSystem(path))).dispose());
    expect(await loaded).toBe(0);
  });
});

describe('replacing a model', () => {
  it('is one step: until model.json is renamed, the old pair is whole', async () => {
    const [old, next] = [everyLayer(), everyLayer()];
    next.setWeights(next.getWeights().map((weight) => tf.mul(weight, 2)));
    const path = fresh();
    await old.save(fileSystem(path));
    const before = await readFile(join(path, 'model.json'), 'utf8');
    const oldWeights = (await readdir(path)).filter((name) => name.endsWith('.bin'));

    await next.save(fileSystem(path));
    const weights = (await readdir(path)).filter((name) => name.endsWith('.bin'));
    expect(weights).toHaveLength(1); // those of the old model are gone
    expect(weights).not.toEqual(oldWeights);
    expect((await readdir(path)).toSorted()).toEqual(['model.json', ...weights].toSorted());

    // As if the process had died between the two files: the new weights are there, the old model.json too.
    await old.save(fileSystem(path));
    expect(await readFile(join(path, 'model.json'), 'utf8')).toBe(before);
    await writeFile(join(path, weights[0]), 'half of the new wei');
    expect(await weightDigest(await loadLayersModel(fileSystem(path)))).toBe(await weightDigest(old));
  });

  it('a refused write says so and leaves nothing', async () => {
    const model = everyLayer();
    const path = fresh();
    await model.save(fileSystem(join(path, 'model.json')));
    const digest = await weightDigest(model);
    await expect(model.save(fileSystem(join(path, 'model.json', 'deeper')))).rejects.toThrow(/EEXIST|ENOTDIR/);
    const aFolder = join(path, 'folder.json');
    await model.save(fileSystem(join(aFolder, 'x.json')));
    await expect(model.save(fileSystem(aFolder))).rejects.toThrow(UnsupportedError); // a folder bears the file's name
    expect((await readdir(path)).filter((name) => name.endsWith('.tmp'))).toEqual([]);
    expect(await weightDigest(await loadLayersModel(fileSystem(path)))).toBe(digest);
  });
});

/** Why loading a path is refused, as one text. */
async function refusal(path: string): Promise<string> {
  const error: unknown = await loadLayersModel(fileSystem(path)).then(
    () => 'it was loaded',
    (reason: unknown) => reason,
  );
  return error instanceof InvalidArgumentError ? error.message : `not an InvalidArgumentError: ${String(error)}`;
}

describe('what cannot be loaded', () => {
  it('nothing there', async () => {
    expect(await refusal(fresh())).toMatch(/a folder with model\.json.*ENOENT/);
  });

  it('weights gone, cut or too long', async () => {
    const path = fresh();
    await everyLayer().save(fileSystem(path));
    const weights = join(path, (await readdir(path)).find((name) => name.endsWith('.bin')) as string);
    const bytes = await readFile(weights);
    await truncate(weights, bytes.length - 3);
    expect(await refusal(path)).toMatch(new RegExp(`${bytes.length} bytes of weights.*${bytes.length - 3}`));
    await writeFile(weights, Buffer.concat([bytes, bytes]));
    expect(await refusal(path)).toMatch(new RegExp(`${bytes.length} bytes of weights.*${2 * bytes.length}`));
    await rm(weights);
    expect(await refusal(path)).toMatch(/the weights that model\.json names.*ENOENT/);
  });

  it('foreign JSON, no JSON, a graph model, weights elsewhere', async () => {
    const path = `${fresh()}.json`;
    const contents: [string, RegExp][] = [
      ['{ "name": "@hetconv/layers" }', /modelTopology and weightsManifest/],
      ['null', /modelTopology and weightsManifest/],
      ['{ "modelTopology": ', /JSON, which it is not/],
      ['{ "format": "graph-model", "modelTopology": {}, "weightsManifest": [] }', /tf\.loadGraphModel/],
      ['{ "modelTopology": {}, "weightsManifest": [{ "paths": ["../w.bin"], "weights": [] }] }', /beside it/],
    ];
    for (const [text, message] of contents) {
      await writeFile(path, text);
      expect(await refusal(path)).toMatch(message);
    }
  });
});
