import { GLOROT_UNIFORM, HE_UNIFORM } from '@hetconv/core';
import * as tf from '@tensorflow/tfjs-core';
import { constraints, layers, regularizers, sequential } from '@tensorflow/tfjs-layers';
import { beforeAll, describe, expect, it } from 'vitest';
import { type HetConv2DArgs, hetConv2d, seededInitializer } from '../src/index.ts';
import { leaked, uniform, useCpu } from './backend.ts';

beforeAll(useCpu);

/** A task that a small network can learn: which half of the image is brighter. */
function task(): { x: tf.Tensor4D; y: tf.Tensor2D } {
  const x = uniform([32, 8, 8, 3], 'task');
  const bright = tf.greater(tf.mean(tf.slice(x, [0, 0, 0, 0], [-1, 4, 8, 3]), [1, 2, 3]), tf.mean(x, [1, 2, 3]));
  return { x, y: tf.oneHot(tf.cast(bright, 'int32'), 2) as tf.Tensor2D };
}

const relu = (seed: string): Pick<HetConv2DArgs, 'filters' | 'activation' | 'kernelInitializer'> => ({
  filters: 8,
  activation: 'relu',
  kernelInitializer: seededInitializer(HE_UNIFORM, seed),
});

describe('training', () => {
  it('20 steps lower the loss; entries that are no weights stay 0 under L1, L2 and momentum', async () => {
    const ragged = hetConv2d({
      filters: 5,
      kernelSize: 3,
      part: 3, // 8 channels: residue 2 has two of them, residues 0 and 1 have three
      padding: 'same',
      activation: 'relu',
      kernelRegularizer: regularizers.l1l2({ l1: 1e-3, l2: 1e-3 }),
      kernelInitializer: seededInitializer(HE_UNIFORM, 'ragged'),
    });
    const net = sequential({
      layers: [
        hetConv2d({ ...relu('first'), kernelSize: 3, part: 'channels', inputShape: [8, 8, 3] }),
        hetConv2d({ ...relu('pointwise'), kernelSize: 1, part: 4 }),
        ragged,
        layers.flatten(),
        layers.dense({
          units: 2,
          activation: 'softmax',
          kernelInitializer: seededInitializer(GLOROT_UNIFORM, 'dense'),
        }),
      ],
    });
    const { x, y } = task();
    net.compile({ optimizer: tf.train.momentum(0.05, 0.9), loss: 'categoricalCrossentropy' });
    const history = await net.fit(x, y, { epochs: 20, batchSize: 32, shuffle: false });
    const losses = history.history.loss as number[];
    expect(losses).toHaveLength(20);
    expect(losses[19]).toBeLessThan(losses[0] / 2);

    const { spatial } = ragged.kernels();
    const [taps, depth, filters] = spatial.shape;
    const held = spatial.dataSync();
    let fillers = 0;
    for (let t = 0; t < taps; t++) {
      for (let n = 0; n < filters; n++) {
        for (let q = 0; q < depth; q++) {
          const value = held[(t * depth + q) * filters + n];
          const isWeight = q * 3 + (n % 3) < 8;
          if (isWeight) expect(value).not.toBe(0);
          else {
            expect(value).toBe(0);
            fillers++;
          }
        }
      }
    }
    expect(fillers).toBe(taps); // filter 2 alone has residue 2
  });

  it('a step leaks nothing', async () => {
    const net = sequential({
      layers: [
        hetConv2d({ filters: 4, kernelSize: 3, part: 2, inputShape: [6, 6, 5], kernelRegularizer: 'l1l2' }),
        layers.flatten(),
        layers.dense({ units: 2 }),
      ],
    });
    net.compile({ optimizer: 'sgd', loss: 'meanSquaredError' });
    const [x, y] = [uniform([4, 6, 6, 5], 'x'), uniform([4, 2], 'y')];
    const step = async (): Promise<void> => void (await net.trainOnBatch(x, y));
    await step();
    expect(await leaked(step)).toBe(0);
  });

  it('constraints act on both kernels when weights are set, and keep the filler 0', () => {
    const layer = hetConv2d({
      filters: 2,
      kernelSize: 3,
      part: 2,
      kernelConstraint: constraints.unitNorm({ axis: 0 }),
    });
    layer.build([null, 5, 5, 3]);
    layer.setWeights(layer.weights.map((weight) => tf.ones(weight.shape as number[])));
    const { pointwise, spatial } = layer.kernels();
    const norms = tf.norm(spatial, 'euclidean', 0).dataSync(); // [Q, N] = [2, 2]; entry [1, 1] would be channel 3
    [1, 1, 1, 0].forEach((norm, i) => expect(norms[i]).toBeCloseTo(norm, 5));
    expect(pointwise.dataSync().every((value) => Math.abs(value - 1) < 1e-5)).toBe(true);
  });
});
