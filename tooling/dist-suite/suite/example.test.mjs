// First use, as the READMEs show it.
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import test from 'node:test';
import '@tensorflow/tfjs-backend-cpu';
import '@hetconv/backend-cpu/register';
import { fused, hetConv2d, toDense } from '@hetconv/core';
import { fashionMnistSample } from '@hetconv/datasets/node';
import { imagesToTensor } from '@hetconv/datasets';
import { hetConv2d as hetConv2dLayer, modelCosts } from '@hetconv/layers';
import { fileSystem } from '@hetconv/layers/node';
import { classificationModel } from '@hetconv/zoo-classification';
import * as tf from '@tensorflow/tfjs-core';
import * as tfl from '@tensorflow/tfjs-layers';

await tf.setBackend('cpu');

test('the op equals tf.conv2d with the masked dense filter', () => {
  tf.tidy(() => {
    const x = tf.randomUniform([2, 8, 8, 8]);
    const pointwise = tf.randomUniform([1, 1, 8, 12]);
    const spatial = tf.randomUniform([8, 2, 12]);
    const y = hetConv2d(x, pointwise, spatial, { part: 4, kernelSize: 3, pad: 'same' });
    const expected = tf.conv2d(x, toDense(pointwise, spatial, { part: 4, kernelSize: 3 }), 1, 'same');
    assert.ok(tf.max(tf.abs(tf.sub(y, expected))).dataSync()[0] < 1e-4);
    const activated = fused.hetConv2d({
      x,
      pointwise,
      spatial,
      part: 4,
      kernelSize: 3,
      pad: 'same',
      activation: 'relu6',
    });
    assert.deepEqual(activated.shape, [2, 8, 8, 12]);
  });
});

test('a model with HetConv2D layers is saved, loaded and predicts the same bits', async () => {
  const model = tfl.sequential({
    layers: [
      hetConv2dLayer({
        inputShape: [8, 8, 4],
        filters: 6,
        kernelSize: 3,
        part: 2,
        padding: 'same',
        activation: 'relu',
      }),
      tfl.layers.flatten(),
      tfl.layers.dense({ units: 3 }),
    ],
  });
  const folder = mkdtempSync(join(tmpdir(), 'hetconv-model-'));
  try {
    await model.save(fileSystem(folder));
    const loaded = await tfl.loadLayersModel(fileSystem(folder));
    const x = tf.randomUniform([2, 8, 8, 4]);
    assert.deepEqual(Array.from(loaded.predict(x).dataSync()), Array.from(model.predict(x).dataSync()));
  } finally {
    rmSync(folder, { recursive: true });
  }
});

test('a zoo network runs on the real images that come along', async () => {
  const images = await fashionMnistSample({ shape: [32, 32, 3] });
  const model = classificationModel('resnet20-cifar').build({ part: 4 });
  const x = imagesToTensor(images, { indices: [0, 1] });
  assert.deepEqual(model.predict(x).shape, [2, 10]);
  assert.ok(modelCosts(model).total.macs > 0);
});

test('the command runs', () => {
  const output = execFileSync(
    process.execPath,
    ['node_modules/@hetconv/cli/dist/main.js', 'summary', 'vgg16-cifar', '--convention', 'paper', '--json'],
    { encoding: 'utf8' },
  );
  assert.equal(JSON.parse(output).total.paperMillions, 105.98);
});
