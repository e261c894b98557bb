import { HE_UNIFORM } from '@hetconv/core';
import * as tf from '@tensorflow/tfjs-core';
import { input, layers, type LayersModel, model, sequential, type SymbolicTensor } from '@tensorflow/tfjs-layers';
import { beforeAll, describe, expect, it } from 'vitest';
import { convertModel, type HetConv2D, modelCosts, seededInitializer } from '../src/index.ts';
import { leaked, uniform, useCpu } from './backend.ts';

beforeAll(useCpu);

/** A residual network with a nested model, a 1x1 convolution and normalisation. */
function standard(): LayersModel {
  const kernelInitializer = seededInitializer(HE_UNIFORM, 1);
  const conv = (name: string, kernelSize = 3, useBias = true) =>
    layers.conv2d({ filters: 4, kernelSize, padding: 'same', name, useBias, kernelInitializer });
  const x = input({ shape: [6, 6, 3] });
  const stem = conv('stem').apply(x) as SymbolicTensor;
  const nested = sequential({ name: 'nested', layers: [layers.inputLayer({ inputShape: [6, 6, 4] }), conv('deep')] });
  const branch = layers.batchNormalization({ name: 'norm' }).apply(conv('conv', 3, false).apply(stem));
  const sum = layers.add().apply([stem, nested.apply(branch) as SymbolicTensor]);
  return model({ inputs: x, outputs: conv('last', 1).apply(sum) as SymbolicTensor });
}

const classes = (net: LayersModel): string[] =>
  modelCosts(net)
    .layers.filter(({ macs }) => macs > 0)
    .map(({ name, type }) => `${name} ${type}`);

describe('convertModel', () => {
  it('replaces what the paper replaces', async () => {
    const light = await convertModel(standard(), { kind: 'hetconv', part: 2 });
    expect(classes(light)).toEqual(['stem Conv2D', 'conv HetConv2D', 'nested/deep HetConv2D', 'last Conv2D']);
    expect((light.getLayer('conv') as HetConv2D).part).toBe(2);
  });

  it('P = 1 computes the same, up to rounding; there and back the same bits', async () => {
    const net = standard();
    const x = uniform([2, 6, 6, 3], 'x');
    const y = net.predict(x) as tf.Tensor;
    const same = await convertModel(net, { kind: 'hetconv', part: 1 });
    const difference = tf.max(tf.abs(tf.sub(same.predict(x) as tf.Tensor, y))).dataSync()[0];
    expect(difference).toBeLessThan(tf.max(tf.abs(y)).dataSync()[0] * 1e-5);
    const back = await convertModel(same, { kind: 'standard' });
    expect(classes(back)).toEqual(classes(net));
    expect((back.predict(x) as tf.Tensor).dataSync()).toEqual(y.dataSync());
  });

  it('P above 1 keeps exactly the weights that a HetConv has', async () => {
    const net = standard();
    const light = await convertModel(net, { kind: 'hetconv', part: 'channels' });
    const masked = (await convertModel(light, { kind: 'standard' })).getLayer('conv').getWeights()[0] as tf.Tensor4D;
    const full = net.getLayer('conv').getWeights()[0].dataSync();
    masked.dataSync().forEach((value, i) => {
      const [n, m, tap] = [i % 4, Math.floor(i / 4) % 4, Math.floor(i / 16)];
      expect(value).toBe(tap === 4 || m === n ? full[i] : 0);
    });
  });

  it('chooses by layer', async () => {
    const light = await convertModel(standard(), {
      kind: 'hetconv',
      part: ({ path }) => (path === 'nested/deep' ? 4 : 2),
      replace: ({ path }) => path !== 'stem' && path !== 'last',
    });
    expect((light.getLayer('nested') as LayersModel).getLayer('deep').getConfig().part).toBe(4);
  });

  it('refuses a part above the channels, naming the layer, and leaks nothing', async () => {
    const net = standard();
    expect(
      await leaked(async () => {
        await expect(convertModel(net, { kind: 'hetconv', part: 8 })).rejects.toThrow(/layer 'conv': part.*4 input/);
        await expect(convertModel(net, { kind: 'pwc' as 'hetconv' })).rejects.toThrow(/kind/);
        (await convertModel(net, { kind: 'hetconv', part: 2 })).dispose();
      }),
    ).toBe(0);
  });
});
