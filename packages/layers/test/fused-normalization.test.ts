import * as tf from '@tensorflow/tfjs-core';
import { input, layers, type LayersModel, model, sequential, type SymbolicTensor } from '@tensorflow/tfjs-layers';
import { beforeAll, describe, expect, it } from 'vitest';
import { fuseBatchNormalization } from '../src/index.ts';
import { leaked, uniform, useCpu } from './backend.ts';

beforeAll(useCpu);

type NormalizationArgs = Parameters<typeof layers.batchNormalization>[0];

/** Normalisation by itself and inside a model of its own. */
function network(args: NormalizationArgs = {}): LayersModel {
  const x = input({ shape: [4, 5, 6] });
  const inner = sequential({ layers: [layers.batchNormalization({ inputShape: [4, 5, 6], momentum: 0.8 })] });
  const y = layers.batchNormalization({ epsilon: 1e-4, ...args }).apply(x);
  return model({ inputs: x, outputs: inner.apply(y) as SymbolicTensor });
}

interface Step {
  readonly y: Float32Array;
  readonly gradients: readonly Float32Array[];
  readonly weights: readonly Float32Array[];
}

const values = (tensor: tf.Tensor): Float32Array => tensor.dataSync<'float32'>();

/** One pass in training mode, its gradients, and the weights behind it. */
function step(net: LayersModel): Step {
  return tf.tidy(() => {
    const [x, dy] = [uniform([3, 4, 5, 6], 'x'), uniform([3, 4, 5, 6], 'dy')];
    const apply = (training: boolean): tf.Tensor => net.apply(x, { training }) as tf.Tensor;
    const { grads } = tf.variableGrads(() => tf.sum<tf.Scalar>(tf.mul(apply(true), dy)));
    const names = net.trainableWeights.map((weight) => weight.read() as tf.Variable).map(({ name }) => name);
    return {
      y: values(apply(false)),
      gradients: names.map((name) => values(grads[name])),
      weights: net.getWeights().map(values),
    };
  });
}

describe('fuseBatchNormalization', () => {
  it('computes the same bits on a backend without kernels of its own, and changes nothing that is saved', () => {
    const [plain, fused] = [network(), network()];
    const saved = [fused.layers.map((layer) => layer.getConfig()), fused.getWeights().map(({ shape }) => shape)];
    fuseBatchNormalization(fused);
    fuseBatchNormalization(fused);
    expect([fused.layers.map((layer) => layer.getConfig()), fused.getWeights().map(({ shape }) => shape)]).toEqual(
      saved,
    );
    for (let i = 0; i < 3; i++) expect(step(fused)).toEqual(step(plain));
    expect(step(fused).weights[4].some((value) => value !== 0)).toBe(true); // the moving means moved
  });

  it('leaves other axes to tf.layers', () => {
    const [plain, fused] = [network({ axis: 1 }), network({ axis: 1 })];
    fuseBatchNormalization(fused);
    const results = [plain, fused].map((net) =>
      tf.tidy(() =>
        [net.apply(uniform([3, 4, 5, 6], 'x'), { training: true }) as tf.Tensor, ...net.getWeights()].map((t) =>
          t.dataSync(),
        ),
      ),
    );
    expect(results[1]).toEqual(results[0]);
  });

  it('trains without gamma and beta, which tf.layers fails to', () => {
    const net = sequential({
      layers: [layers.batchNormalization({ inputShape: [6], scale: false, center: false }), layers.dense({ units: 1 })],
    });
    fuseBatchNormalization(net);
    const x = uniform<tf.Rank.R2>([8, 6], 'plain');
    const y = tf.tidy(() => net.apply(x, { training: true }) as tf.Tensor);
    expect(y.shape).toEqual([8, 1]);
    tf.dispose([x, y]);
  });

  it('leaves no tensors behind', async () => {
    const net = network();
    fuseBatchNormalization(net);
    expect(await leaked(() => void step(net))).toBe(0);
  });
});
