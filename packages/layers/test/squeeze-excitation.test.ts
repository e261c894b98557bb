import { GLOROT_UNIFORM, HE_UNIFORM, InvalidArgumentError } from '@hetconv/core';
import * as tf from '@tensorflow/tfjs-core';
import { input, layers, type LayersModel, model, type SymbolicTensor } from '@tensorflow/tfjs-layers';
import { beforeAll, describe, expect, it } from 'vitest';
import { convBlock, foldForInference, modelCosts, seededInitializer, squeezeExcitation } from '../src/index.ts';
import { leaked, uniform, useCpu } from './backend.ts';

beforeAll(useCpu);

const [HEIGHT, WIDTH, CHANNELS] = [2, 4, 5]; // eight pixels: means of integers are exact

function network(reduction: number): LayersModel {
  const x = input({ shape: [HEIGHT, WIDTH, CHANNELS] });
  return model({ inputs: x, outputs: squeezeExcitation(x, { name: 'se', reduction }) });
}

describe('squeezeExcitation', () => {
  it('scales each channel by sigmoid(W2 relu(W1 mean(x))), exactly where the sigmoid is 0, 1/2 or 1', () => {
    const net = network(2);
    // [5, 2] and [2, 5]: unit 0 sees channel 0, unit 1 channel 4, whose mean is negative in image 1, so that the ReLU shows.
    const reduce = [8, 0, 0, 0, 0, 0, 0, 0, 0, 8];
    const expand = [30, 0, -200, 0, 40, 0, 0, 0, 25, 40];
    net.getLayer('se_reduce').setWeights([tf.tensor2d(reduce, [CHANNELS, 2])]);
    net.getLayer('se_expand').setWeights([tf.tensor2d(expand, [2, CHANNELS])]);
    const pixels = Array.from({ length: 2 * HEIGHT * WIDTH * CHANNELS }, (_, i) => ((i * 7) % 11) - 5);
    // Image 0: means of channels 0 and 4 at least 1. Image 1: channel 0 at least 1, channel 4 below 0.
    const at = (image: number, pixel: number, channel: number): number =>
      (image * HEIGHT * WIDTH + pixel) * CHANNELS + channel;
    for (let pixel = 0; pixel < HEIGHT * WIDTH; pixel++) {
      pixels[at(0, pixel, 0)] = pixel;
      pixels[at(0, pixel, 4)] = pixel + 1;
      pixels[at(1, pixel, 0)] = 2;
      pixels[at(1, pixel, 4)] = -pixel - 1;
    }
    const y = (net.predict(tf.tensor4d(pixels, [2, HEIGHT, WIDTH, CHANNELS])) as tf.Tensor).dataSync();
    const gates = [
      [1, 0.5, 0, 1, 1],
      [1, 0.5, 0, 0.5, 1],
    ];
    for (const image of [0, 1]) {
      for (let pixel = 0; pixel < HEIGHT * WIDTH; pixel++) {
        for (let channel = 0; channel < CHANNELS; channel++) {
          const index = at(image, pixel, channel);
          expect(y[index] + 0, `image ${image}, pixel ${pixel}, channel ${channel}`).toBe(
            pixels[index] * gates[image][channel] + 0, // + 0: no negative zeros
          );
        }
      }
    }
    net.dispose();
  });

  it.each([
    [1, 5],
    [2, 2],
    [5, 1],
    [16, 1],
  ])('r = %i: %i hidden units of 5 channels, weights counted once an image, no convolution', (reduction, hidden) => {
    const net = network(reduction);
    expect(net.outputs[0].shape).toEqual([null, HEIGHT, WIDTH, CHANNELS]);
    const { total } = modelCosts(net);
    expect(total).toEqual({ convMacs: 0, macs: 2 * 5 * hidden, params: 2 * 5 * hidden, bytes: 40 * hidden });
    net.dispose();
  });

  it('takes an initialiser for each dense layer', () => {
    const x = input({ shape: [4, 4, 32] });
    const net = model({
      inputs: x,
      outputs: squeezeExcitation(x, {
        name: 'se',
        reduceInitializer: (name) => seededInitializer(HE_UNIFORM, name),
        expandInitializer: (name) => seededInitializer(GLOROT_UNIFORM, name),
      }),
    });
    const seeds = ['se_reduce', 'se_expand'].map((name) => net.getLayer(name).getConfig()['kernelInitializer']);
    expect(seeds).toMatchObject([
      { config: { mode: 'fanIn', seed: { name: 'se_reduce' } } },
      { config: { mode: 'fanAvg', seed: { name: 'se_expand' } } },
    ]);
    expect(net.getLayer('se_reduce').outputShape).toEqual([null, 2]); // r = 16 by default
    net.dispose();
  });

  it('trains, folds behind a convolution without changing a bit, leaks nothing', async () => {
    expect(
      await leaked(async () => {
        const x = input({ shape: [6, 6, 3] });
        const conv = { kind: 'hetconv', part: 3, filters: 8, kernelSize: 3, padding: 'same', name: 'c' } as const;
        const y = layers.activation({ activation: 'relu' }).apply(convBlock(x, conv)) as SymbolicTensor;
        const pooled = layers.flatten().apply(squeezeExcitation(y, { name: 'se', reduction: 2 })) as SymbolicTensor;
        const net = model({ inputs: x, outputs: layers.dense({ units: 2 }).apply(pooled) as SymbolicTensor });
        const optimizer = tf.train.sgd(0.01);
        net.compile({ optimizer, loss: 'meanSquaredError' });
        const batch = [uniform([4, 6, 6, 3], 'x'), uniform([4, 2], 'y')] as const;
        const first = (await net.trainOnBatch(...batch)) as number;
        for (let step = 0; step < 9; step++) await net.trainOnBatch(...batch);
        expect(await net.trainOnBatch(...batch)).toBeLessThan(first);
        const folded = foldForInference(net);
        expect(folded.layers.map((layer) => layer.getClassName())).not.toContain('Activation');
        const [expected, actual] = [net, folded].map((one) => one.predict(batch[0]) as tf.Tensor);
        expect(actual.dataSync()).toEqual(expected.dataSync());
        tf.dispose([...batch, expected, actual]);
        folded.dispose();
        net.dispose();
        optimizer.dispose();
      }),
    ).toBe(0);
  });

  it('refuses', () => {
    const x = input({ shape: [4, 4, 8] });
    for (const reduction of [0, 1.5, -4]) {
      expect(() => squeezeExcitation(x, { name: 'se', reduction })).toThrow(InvalidArgumentError);
    }
    expect(() => squeezeExcitation(input({ shape: [8] }), { name: 'se' })).toThrow(
      /x must be of rank 4 with known channels/,
    );
  });
});
