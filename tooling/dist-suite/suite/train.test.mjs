// A training from the packed packages: its thread starts from dist, a resumed one ends with the same weights.
import assert from 'node:assert/strict';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { backend } from '@hetconv/backend-wasm';
import { FASHION_MNIST_CLASSES, selectImages } from '@hetconv/datasets';
import { fashionMnistSample } from '@hetconv/datasets/node';
import { weightDigest } from '@hetconv/layers';
import { completeRecipe, trainModel } from '@hetconv/train';
import { checkpointFolder, loadCheckpoint, openSource, sharedImages, workerLoader } from '@hetconv/train/node';
import { resnetCifar } from '@hetconv/zoo-classification';
import * as tf from '@tensorflow/tfjs-core';

test('trains, stops and goes on bit for bit, batches made by a thread', async () => {
  assert.deepEqual(await backend.prepare(), { available: true });
  backend.prepareTraining();
  await tf.setBackend('wasm');
  const sample = await fashionMnistSample();
  const [train, test_] = [0, 32].map((from) =>
    sharedImages(
      selectImages(
        sample,
        Array.from({ length: 32 }, (_, i) => from + i),
      ),
    ),
  );
  const data = { name: 'sample', classes: FASHION_MNIST_CLASSES, train: openSource(train), test: openSource(test_) };
  const recipe = completeRecipe({ epochs: 1, batch: 8 }, { mean: [0.286], std: [0.353] });
  const folder = mkdtempSync(join(tmpdir(), 'hetconv-train-'));

  const run = async (options) => {
    const loader = workerLoader({ train, test: test_, recipe });
    const model = resnetCifar(8, { part: 4, inputShape: [28, 28, 1] });
    try {
      const { status } = await trainModel({ model, data, recipe, loader, ...options });
      return { status, digest: await weightDigest(model) };
    } finally {
      await loader.close();
      model.dispose();
    }
  };

  try {
    const straight = await run({});
    assert.equal(straight.status, 'done');
    const abort = new AbortController();
    const onProgress = ({ step }) => step === 2 && abort.abort();
    const stopped = await run({ checkpoints: checkpointFolder(folder), signal: abort.signal, onProgress });
    assert.equal(stopped.status, 'interrupted');
    const resumed = await run({ resume: await loadCheckpoint(folder) });
    assert.equal(resumed.digest, straight.digest);
  } finally {
    rmSync(folder, { recursive: true });
  }
});
