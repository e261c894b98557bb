import { fromGroupedPlusPointwise, HE_UNIFORM, InvalidArgumentError } from '@hetconv/core';
import * as tf from '@tensorflow/tfjs-core';
import { input, layers, model, type SymbolicTensor } from '@tensorflow/tfjs-layers';
import { beforeAll, describe, expect, it } from 'vitest';
import {
  CONV_KINDS,
  type ConvKind,
  convBlock,
  convLayers,
  type DualConv2D,
  dualConv2d,
  groupedConv2d,
  hetConv2d,
  IdentityShortcut,
  identityShortcut,
  seededInitializer,
} from '../src/index.ts';
import { cropToAnchors } from '../src/ops/anchor-samples.ts';
import { leaked, uniform, useCpu } from './backend.ts';

beforeAll(useCpu);

/** Small integers: every sum is exact in float32, so that results must be equal whatever the order of summation. */
function integers<R extends tf.Rank = tf.Rank.R4>(shape: number[], seed: string): tf.Tensor<R> {
  return tf.round(tf.mul(uniform<R>(shape, seed), 8));
}

/** The dense filter of a grouped one: zeros between the groups. */
function denseOfGrouped(kernel: tf.Tensor4D, groups: number): tf.Tensor4D {
  const parts = tf.split(kernel, groups, 3);
  const [kh, kw, depth, filters] = parts[0].shape as [number, number, number, number];
  const rows = parts.map((part, g) => {
    const [before, after] = [
      tf.zeros([kh, kw, depth, g * filters]),
      tf.zeros([kh, kw, depth, (groups - 1 - g) * filters]),
    ];
    return tf.concat([before, part, after] as tf.Tensor4D[], 3);
  });
  return tf.concat(rows, 2);
}

describe('GroupedConv2D', () => {
  for (const groups of [1, 2, 3, 6]) {
    for (const dataFormat of ['channelsLast', 'channelsFirst'] as const) {
      it(`G = ${groups}, ${dataFormat}: exactly tf.conv2d with the block-diagonal filter`, () => {
        const layer = groupedConv2d({ filters: 12, kernelSize: 3, groups, strides: 2, padding: 'same', dataFormat });
        layer.build(dataFormat === 'channelsLast' ? [null, 7, 6, 6] : [null, 6, 7, 6]);
        const kernel = integers([3, 3, 6 / groups, 12], `k${groups}`);
        const bias = integers<tf.Rank.R1>([12], 'b');
        layer.setWeights([kernel, bias]);
        const x = integers([2, 7, 6, 6], 'x');
        const expected = tf.add(tf.conv2d(x, denseOfGrouped(kernel, groups), 2, 'same'), bias);
        const y = layer.apply(dataFormat === 'channelsLast' ? x : tf.transpose(x, [0, 3, 1, 2])) as tf.Tensor4D;
        const nhwc = dataFormat === 'channelsLast' ? y : tf.transpose(y, [0, 2, 3, 1]);
        expect(nhwc.shape).toEqual(expected.shape);
        expect(nhwc.dataSync()).toEqual(expected.dataSync());
      });
    }
  }

  it('refuses groups that do not divide both channel counts', () => {
    expect(() => groupedConv2d({ filters: 6, kernelSize: 3, groups: 4 }).build([null, 8, 8, 6])).toThrow(
      /groups must be a common divisor of the 6 input and 6 output channels, but was 4/,
    );
    expect(() => groupedConv2d({ filters: 6, kernelSize: 3, groups: 0 })).toThrow(InvalidArgumentError);
  });
});

describe('DualConv2D', () => {
  for (const strides of [1, 2, 3]) {
    for (const kernelSize of [2, 3, 5]) {
      for (const padding of ['same', 'valid'] as const) {
        it(`stride ${strides}, K = ${kernelSize}, '${padding}': folds into one dense filter, exactly`, () => {
          const layer = dualConv2d({ filters: 4, kernelSize, groups: 2, strides, padding, useBias: false });
          layer.build([null, 8, 7, 4]);
          const grouped = integers([kernelSize, kernelSize, 2, 4], 'grouped');
          const pointwise = integers([1, 1, 4, 4], 'pointwise');
          layer.setWeights([grouped, pointwise]);
          const x = integers([1, 8, 7, 4], 'x');
          const anchor = Math.floor((kernelSize - 1) / 2);
          const after = kernelSize - 1 - anchor;
          const padded = tf.pad(pointwise, [
            [anchor, after],
            [anchor, after],
            [0, 0],
            [0, 0],
          ]);
          const dense = tf.add<tf.Tensor4D>(denseOfGrouped(grouped, 2), padded);
          expect((layer.apply(x) as tf.Tensor).dataSync()).toEqual(tf.conv2d(x, dense, strides, padding).dataSync());
        });
      }
    }
  }

  it('is the HetConv that core folds it into', () => {
    const layer: DualConv2D = dualConv2d({ filters: 8, kernelSize: 3, groups: 4, strides: 2, padding: 'same' });
    layer.build([null, 6, 6, 4]);
    const [grouped, pointwise] = [integers([3, 3, 1, 8], 'g'), integers([1, 1, 4, 8], 'p')];
    layer.setWeights([grouped, pointwise, tf.zeros([8])]);
    const folded = fromGroupedPlusPointwise(grouped, pointwise, { groups: 4 });
    const het = hetConv2d({ filters: 8, kernelSize: 3, part: 4, strides: 2, padding: 'same', useBias: false });
    het.build([null, 6, 6, 4]);
    het.setWeights([folded.pointwise, folded.spatial]);
    const x = integers([1, 6, 6, 4], 'x');
    const y = tf.gather(het.apply(tf.gather(x, folded.inputOrder, 3)) as tf.Tensor4D, folded.outputOrder, 3);
    expect((layer.apply(x) as tf.Tensor).dataSync()).toEqual(y.dataSync());
  });

  it('anchors of an even, dilated window that start outside the image are 0', () => {
    const x = integers([1, 5, 5, 2], 'x');
    const window = { kernelSize: [4, 4], strides: [1, 1], pad: 'same', dilations: [3, 3] } as const;
    const anchors = cropToAnchors(x, window);
    expect(anchors.shape).toEqual([1, 5, 5, 2]);
    const kernel = tf.pad(tf.ones<tf.Rank.R4>([1, 1, 2, 1]), [
      [1, 2],
      [1, 2],
      [0, 0],
      [0, 0],
    ]);
    const expected = tf.conv2d(x, kernel, 1, 'same', 'NHWC', 3);
    expect(tf.sum(anchors, 3).dataSync()).toEqual(expected.dataSync());
  });
});

const args = { filters: 6, kernelSize: 3, strides: 2, padding: 'same', part: 2, name: 'block' } as const;

function names(kind: ConvKind, kernelSize: number): string[] {
  return convLayers(4, { ...args, kind, kernelSize }).map((layer) => `${layer.getClassName()} ${layer.name}`);
}

const between = (name: string) => [layers.batchNormalization({ name: `${name}_bn` })];

describe('convBlock', () => {
  for (const kind of CONV_KINDS) {
    it(`${kind}: builds, runs, takes a training step, leaks nothing`, async () => {
      expect(
        await leaked(async () => {
          const x = input({ shape: [6, 6, 4] });
          const y = convBlock(x, { ...args, kind, activation: 'relu', kernelInitializer: 'heNormal' });
          expect(y.shape).toEqual([null, 3, 3, 6]);
          const outputs = layers.dense({ units: 2 }).apply(layers.flatten().apply(y)) as SymbolicTensor;
          const net = model({ inputs: x, outputs });
          const optimizer = tf.train.sgd(0.01);
          net.compile({ optimizer, loss: 'meanSquaredError' });
          const batch = [uniform([4, 6, 6, 4], 'x'), uniform([4, 2], 'y')] as const;
          const first = (await net.trainOnBatch(...batch)) as number;
          for (let step = 0; step < 9; step++) await net.trainOnBatch(...batch);
          expect(await net.trainOnBatch(...batch)).toBeLessThan(first);
          net.dispose();
          tf.dispose([...batch]);
          optimizer.dispose();
        }),
      ).toBe(0);
    });
  }

  it('gives pairs their names and leaves 1x1 convolutions standard', () => {
    expect(names('gwc-pwc', 3)).toEqual(['GroupedConv2D block_grouped', 'Conv2D block_pointwise']);
    expect(names('dwc-pwc', 3)).toEqual(['GroupedConv2D block_depthwise', 'Conv2D block_pointwise']);
    expect(names('hetconv', 3)).toEqual(['HetConv2D block']);
    for (const kind of CONV_KINDS) expect(names(kind, 1)).toEqual(['Conv2D block']);
  });

  it('puts layers between the two of a pair, and nowhere else', () => {
    for (const kind of CONV_KINDS) {
      const found = convLayers(4, { ...args, kind, between }).map(({ name }) => name);
      const first = { 'gwc-pwc': 'block_grouped', 'dwc-pwc': 'block_depthwise' }[kind as string];
      expect(found).toEqual(first === undefined ? ['block'] : [first, `${first}_bn`, 'block_pointwise']);
    }
  });

  it('a wrong kind lists the right ones', () => {
    expect(() => convLayers(4, { ...args, kind: 'het' as 'hetconv' })).toThrow(/standard, hetconv, gwc-pwc/);
  });

  it('seeds each layer by its name', () => {
    const block = {
      ...args,
      kind: 'gwc-pwc',
      kernelInitializer: (name: string) => seededInitializer(HE_UNIFORM, name),
    };
    const made = convLayers(4, block as Parameters<typeof convLayers>[1]);
    expect(made.map((layer) => (layer.getConfig().kernelInitializer as { config: unknown }).config)).toMatchObject([
      { seed: { name: 'block_grouped' } },
      { seed: { name: 'block_pointwise' } },
    ]);
  });
});

describe('IdentityShortcut', () => {
  it('keeps every second pixel, adds zero channels, passes gradients to what it kept', () => {
    const layer = identityShortcut({ filters: 3, strides: 2 });
    const x = integers([2, 5, 4, 2], 'x');
    const y = layer.apply(x) as tf.Tensor4D;
    expect(y.shape).toEqual([2, 3, 2, 3]);
    expect(layer.computeOutputShape([null, 5, null, 2])).toEqual([null, 3, null, 3]);
    const kept = tf.pad(tf.stridedSlice(x, [0, 0, 0, 0], x.shape, [1, 2, 2, 1]), [
      [0, 0],
      [0, 0],
      [0, 0],
      [0, 1],
    ]);
    expect(y.dataSync()).toEqual(kept.dataSync());
    const gradient = tf.grad((image) => tf.sum(layer.apply(image) as tf.Tensor))(x);
    const [ys, xs] = [5, 4].map((size) => Float32Array.from({ length: size }, (_, i) => 1 - (i % 2)));
    const pattern = tf.mul(tf.reshape(tf.tensor1d(ys), [1, 5, 1, 1]), tf.reshape(tf.tensor1d(xs), [1, 1, 4, 1]));
    expect(gradient.dataSync()).toEqual(tf.tile(pattern, [2, 1, 1, 2]).dataSync());
    expect(IdentityShortcut.fromConfig(IdentityShortcut, layer.getConfig()).getConfig()).toEqual(layer.getConfig());
  });

  it('refuses fewer filters than channels', () => {
    expect(() => identityShortcut({ filters: 3 }).build([null, 4, 4, 5])).toThrow(/at most 3 channels/);
    expect(() => identityShortcut({ filters: 3, strides: 0 })).toThrow(/strides must be a positive integer/);
  });
});
