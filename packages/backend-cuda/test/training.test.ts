/**
 * Training on the device, strictly: no kernel runs on the CPU. The weights after five steps are those of the cpu backend, within what
 * rounding does to them.
 */
import { HetConv2D } from '@hetconv/layers';
import { input, type LayersModel, layers, model, sequential, type SymbolicTensor } from '@tensorflow/tfjs-layers';
import { describe, it } from 'vitest';
import { expectSameTraining } from './compare-training.ts';
import { skipFor, useEmulator } from './emulator.ts';

skipFor(await useEmulator({ streams: 'deferred', strict: true }));

const SIDE = 8;

describe('training', () => {
  it.each(Object.entries({ vgg, resnet, mobilenet }))('%s', { timeout: 120_000 }, async (_, make) => {
    await expectSameTraining({ make, side: SIDE, batch: 4, steps: 5, classes: 4, perturbed: 3, fill: true });
  });
});

const het = (filters: number, part: number, strides = 1): HetConv2D =>
  new HetConv2D({ filters, part, kernelSize: 3, strides, padding: 'same', useBias: false });

function vgg(): LayersModel {
  return sequential({
    layers: [
      layers.conv2d({ inputShape: [SIDE, SIDE, 3], filters: 8, kernelSize: 3, padding: 'same', activation: 'relu' }),
      layers.batchNormalization(),
      het(16, 4),
      layers.batchNormalization(),
      layers.reLU(),
      layers.maxPooling2d({ poolSize: 2 }),
      het(16, 8),
      layers.averagePooling2d({ poolSize: 2 }),
      layers.flatten(),
      layers.dropout({ rate: 0.2, seed: 1 }),
      layers.dense({ units: 4, activation: 'softmax' }),
    ],
  });
}

function resnet(): LayersModel {
  const x = input({ shape: [SIDE, SIDE, 3] });
  const stem = layers.conv2d({ filters: 8, kernelSize: 3, padding: 'same', useBias: false }).apply(x) as SymbolicTensor;
  const branch = het(16, 4, 2).apply(stem);
  const normal = layers.reLU().apply(layers.batchNormalization().apply(branch)) as SymbolicTensor;
  const second = layers.batchNormalization().apply(het(16, 16).apply(normal)) as SymbolicTensor;
  const shortcut = layers.conv2d({ filters: 16, kernelSize: 1, strides: 2 }).apply(stem) as SymbolicTensor;
  const sum = layers.reLU().apply(layers.add().apply([second, shortcut]));
  const y = layers.dense({ units: 4, activation: 'softmax' }).apply(layers.globalAveragePooling2d({}).apply(sum));
  return model({ inputs: x, outputs: y as SymbolicTensor });
}

function mobilenet(): LayersModel {
  return sequential({
    layers: [
      layers.conv2d({ inputShape: [SIDE, SIDE, 3], filters: 8, kernelSize: 3, strides: 2, padding: 'same' }),
      layers.depthwiseConv2d({ kernelSize: 3, padding: 'same' }),
      layers.batchNormalization(),
      layers.reLU({ maxValue: 6 }),
      layers.conv2d({ filters: 16, kernelSize: 1 }),
      layers.separableConv2d({ filters: 8, kernelSize: 3, depthMultiplier: 2 }),
      layers.globalMaxPooling2d({}),
      layers.dense({ units: 4, activation: 'softmax' }),
    ],
  });
}
