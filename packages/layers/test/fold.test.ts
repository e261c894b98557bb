import * as tf from '@tensorflow/tfjs-core';
import { input, layers, type LayersModel, model, sequential, type SymbolicTensor } from '@tensorflow/tfjs-layers';
import { beforeAll, describe, expect, it } from 'vitest';
import { type ConvKind, CONV_KINDS, convBlock, foldForInference, hetConv2d } from '@hetconv/layers';
import { useCpu } from './backend.ts';

beforeAll(useCpu);

/** Gives every batch normalisation moments and an affine part that are not the initial ones. */
function trained(network: LayersModel): LayersModel {
  for (const layer of network.layers) {
    if (layer.getClassName() !== 'BatchNormalization') continue;
    layer.setWeights(layer.getWeights().map((weight, i) => tf.randomUniform(weight.shape, 0.5, 1.5, 'float32', i)));
  }
  return network;
}

function block(kind: ConvKind, useBias: boolean): LayersModel {
  const x = input({ shape: [6, 5, 4] });
  let y = convBlock(x, { kind, part: 2, filters: 6, kernelSize: 3, padding: 'same', useBias, name: 'a' });
  y = layers.batchNormalization({}).apply(y) as SymbolicTensor;
  y = layers.activation({ activation: 'relu' }).apply(y) as SymbolicTensor;
  return model({
    inputs: x,
    outputs: layers.dense({ units: 3 }).apply(layers.flatten().apply(y)) as SymbolicTensor,
  });
}

function expectSameFunction(network: LayersModel, folded: LayersModel): void {
  const x = tf.randomUniform([2, ...(network.inputs[0].shape.slice(1) as number[])], -1, 1, 'float32', 3);
  const [expected, actual] = [network, folded].map((one) => one.predict(x) as tf.Tensor);
  const scale = tf.max(tf.abs(expected)).dataSync()[0];
  expect(tf.max(tf.abs(tf.sub(expected, actual))).dataSync()[0]).toBeLessThan(1e-5 * scale);
}

describe('foldForInference', () => {
  it.each(
    CONV_KINDS.flatMap(
      (kind) =>
        [
          [kind, true],
          [kind, false],
        ] as const,
    ),
  )('%s, bias %s: normalisation and activation go', (kind, useBias) => {
    tf.tidy(() => {
      const network = trained(block(kind, useBias));
      const folded = foldForInference(network);
      expectSameFunction(network, folded);
      const types = folded.layers.map((layer) => layer.getClassName());
      expect(types).not.toContain('BatchNormalization');
      expect(types).not.toContain('Activation');
    });
  });

  it('leaves what others see: an output in between, a shared layer, another axis', () => {
    tf.tidy(() => {
      const x = input({ shape: [6, 5, 4] });
      const shared = hetConv2d({ filters: 4, kernelSize: 3, part: 2, padding: 'same' });
      const once = shared.apply(x) as SymbolicTensor;
      const twice = layers.batchNormalization({}).apply(shared.apply(once)) as SymbolicTensor;
      const odd = layers
        .batchNormalization({ axis: 1 })
        .apply(hetConv2d({ filters: 4, kernelSize: 3, part: 4, padding: 'same' }).apply(twice));
      const sum = layers.add().apply([once, odd as SymbolicTensor]) as SymbolicTensor;
      const network = trained(model({ inputs: x, outputs: layers.flatten().apply(sum) as SymbolicTensor }));
      const folded = foldForInference(network);
      expectSameFunction(network, folded);
      expect(folded.layers.filter((layer) => layer.getClassName() === 'BatchNormalization')).toHaveLength(2);
    });
  });

  it('works on tf.sequential and leaves the old model as it was', () => {
    tf.tidy(() => {
      const network = trained(
        sequential({
          layers: [
            hetConv2d({ filters: 4, kernelSize: 3, part: 3, inputShape: [6, 6, 5] }),
            layers.batchNormalization({ scale: false }),
            layers.activation({ activation: 'relu' }),
            layers.flatten(),
          ],
        }),
      );
      const before = network.getWeights().map((weight) => Array.from(weight.dataSync()));
      expectSameFunction(network, foldForInference(network));
      expect(network.getWeights().map((weight) => Array.from(weight.dataSync()))).toEqual(before);
    });
  });
});
