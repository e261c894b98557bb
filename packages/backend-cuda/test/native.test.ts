/** Which of tfjs's kernels run on the device. */
import { HetConv2D } from '@hetconv/layers';
import * as tf from '@tensorflow/tfjs-core';
import { layers, regularizers, sequential } from '@tensorflow/tfjs-layers';
import { describe, expect, it } from 'vitest';
import { nativeKernels } from '../src/ops/index.ts';
import { skipFor, useEmulator } from './emulator.ts';

/** Traced from the inference and training of VGG, ResNet and MobileNet with tf.layers. */
const FORWARD =
  'Add AvgPool Cast ClipByValue Conv2D DepthwiseConv2dNative FusedBatchNorm FusedConv2D Identity MaxPool Mean PadV2 Relu Reshape Slice Softmax _FusedMatMul';
const TRAINING =
  'ArgMax AvgPoolGrad BatchMatMul Conv2DBackpropFilter Conv2DBackpropInput DepthwiseConv2dNativeBackpropFilter DepthwiseConv2dNativeBackpropInput ' +
  'Equal Floor GatherV2 GreaterEqual LessEqual Log LogicalAnd MaxPoolGrad Multiply Neg RealDiv Rsqrt Select Sqrt Square Step Sub Sum Tile ZerosLike';
const LOSSES = 'OneHot Exp Max';

const reason = await useEmulator({ streams: 'deferred', strict: true });

it('every kernel of convolutional networks is native', () => {
  const names = nativeKernels.map(({ name }) => name);
  expect(new Set(names).size).toBe(names.length);
  const wanted = [FORWARD, TRAINING, LOSSES].flatMap((list) => list.split(' '));
  expect(wanted).toHaveLength(47);
  expect(wanted.filter((name) => !names.includes(name))).toEqual([]);
});

describe('strictly, a network trains, evaluates and predicts', () => {
  skipFor(reason);

  it.each(['sgd', 'momentum', 'adam', 'adamax', 'rmsprop', 'adagrad', 'adadelta'] as const)('with %s', async (name) => {
    const net = sequential({
      layers: [
        layers.conv2d({ inputShape: [6, 6, 2], filters: 4, kernelSize: 3, kernelRegularizer: regularizers.l2() }),
        layers.batchNormalization(),
        layers.leakyReLU(),
        new HetConv2D({ filters: 6, kernelSize: 3, part: 2, padding: 'same', activation: 'relu' }),
        layers.zeroPadding2d({ padding: 1 }),
        layers.globalAveragePooling2d({}),
        layers.dense({ units: 3, activation: 'softmax' }),
      ],
    });
    const optimizer = name === 'momentum' ? tf.train.momentum(0.01, 0.9) : tf.train[name](0.01);
    net.compile({ optimizer, loss: 'sparseCategoricalCrossentropy', metrics: ['accuracy'] });
    const xs = tf.randomNormal([5, 6, 6, 2], 0, 1, 'float32', 1);
    const ys = tf.tensor2d([0, 1, 2, 0, 1], [5, 1]);
    const { history } = await net.fit(xs, ys, { epochs: 2, batchSize: 2, shuffle: true, validationSplit: 0.4 });
    expect(history.loss.every((loss) => Number.isFinite(loss))).toBe(true);
    const prediction = net.predict(xs) as tf.Tensor;
    const sums = tf.tidy(() => tf.sum(prediction, 1).dataSync());
    for (const sum of sums) expect(sum).toBeCloseTo(1, 5);
    tf.dispose([prediction, xs, ys]);
    net.dispose();
    optimizer.dispose();
  });
});
