import { errorBound, InvalidArgumentError, planHetConv, referenceForward, toDense } from '@hetconv/core';
import * as tf from '@tensorflow/tfjs-core';
import { constraints, initializers, input, layers, model, regularizers } from '@tensorflow/tfjs-layers';
import { beforeAll, describe, expect, it } from 'vitest';
import { HetConv2D, type HetConv2DArgs, hetConv2d } from '../src/index.ts';
import { leaked, uniform, useCpu } from './backend.ts';

beforeAll(useCpu);

describe('output', () => {
  const cases: { name: string; args: HetConv2DArgs; inputShape: [number, number, number, number] }[] = [
    { name: 'P divides M', args: { filters: 6, kernelSize: 3, part: 2, padding: 'same' }, inputShape: [2, 5, 6, 4] },
    { name: 'P does not divide M', args: { filters: 7, kernelSize: 3, part: 3 }, inputShape: [1, 6, 5, 5] },
    { name: 'P = M', args: { filters: 5, kernelSize: 3, part: 'channels', padding: 'same' }, inputShape: [1, 4, 4, 6] },
    { name: 'P = 1', args: { filters: 3, kernelSize: [2, 3], part: 1, padding: 'same' }, inputShape: [1, 4, 7, 3] },
    { name: '1x1', args: { filters: 4, kernelSize: 1, part: 2, strides: 2 }, inputShape: [2, 5, 5, 4] },
    {
      name: 'stride 2 on an even size',
      args: { filters: 4, kernelSize: 3, part: 2, strides: 2, padding: 'same' },
      inputShape: [1, 6, 8, 4],
    },
    {
      name: 'dilation',
      args: { filters: 4, kernelSize: 3, part: 4, dilationRate: 2, padding: 'same' },
      inputShape: [1, 7, 6, 4],
    },
  ];

  for (const { name, args, inputShape } of cases) {
    it(`${name}: as tf.conv2d with the masked dense filter, within the bound`, () => {
      const layer = hetConv2d({ ...args, biasInitializer: initializers.constant({ value: 0.5 }) });
      const x = uniform(inputShape, name);
      const y = layer.apply(x) as tf.Tensor4D;
      const { pointwise, spatial } = layer.kernels();
      const part = layer.partAt(inputShape[3]);
      const options = { part, kernelSize: layer.kernelSize, strides: layer.strides, pad: layer.padding };
      const plan = planHetConv({ ...options, inputShape, outChannels: args.filters, dilations: layer.dilationRate });
      const oracle = referenceForward(plan, x.dataSync(), pointwise.dataSync(), spatial.dataSync());
      const dense = toDense(pointwise, spatial, { part, kernelSize: [...layer.kernelSize] });
      const stock = tf.add(
        tf.conv2d(x, dense, [...layer.strides], layer.padding, 'NHWC', [...layer.dilationRate]),
        0.5,
      );
      expect(y.shape).toEqual(stock.shape);
      expect(layer.computeOutputShape([null, ...inputShape.slice(1)]).slice(1)).toEqual(y.shape.slice(1));
      const denseTerms = args.filters === 0 ? 0 : dense.size / args.filters;
      const [ours, theirs] = [y.dataSync(), stock.dataSync()];
      ours.forEach((value, i) => {
        const [exact, magnitude] = [oracle.values[i] + 0.5, oracle.magnitudes[i]];
        expect(Math.abs(value - exact)).toBeLessThanOrEqual(errorBound(oracle.terms[i] + 1, magnitude + 0.5, exact));
        const both =
          errorBound(oracle.terms[i] + 1, magnitude + 0.5, exact) + errorBound(denseTerms, magnitude + 0.5, exact);
        expect(Math.abs(value - theirs[i])).toBeLessThanOrEqual(both);
      });
    });
  }

  it('channelsFirst is the same function of the transposed image', () => {
    const nhwc = hetConv2d({ filters: 4, kernelSize: 3, part: 2, padding: 'same', activation: 'relu' });
    const x = uniform([2, 5, 6, 4], 'nchw');
    const y = nhwc.apply(x) as tf.Tensor4D;
    const args = { filters: 4, kernelSize: 3, part: 2, padding: 'same', activation: 'relu' } as const;
    const nchw = hetConv2d({ ...args, dataFormat: 'channelsFirst', weights: nhwc.getWeights() });
    const z = nchw.apply(tf.transpose(x, [0, 3, 1, 2])) as tf.Tensor4D;
    expect(tf.transpose(z, [0, 2, 3, 1]).dataSync()).toEqual(y.dataSync());
    expect(nchw.computeOutputShape([null, 4, 5, 6])).toEqual([null, 4, 5, 6]);
  });

  for (const activation of ['relu', 'relu6', 'elu', 'sigmoid', 'tanh', 'softmax'] as const) {
    it(`${activation} is that of tf.layers, fused or not`, () => {
      const linear = hetConv2d({ filters: 3, kernelSize: 3, part: 2 });
      const x = uniform([1, 5, 5, 4], activation);
      const z = linear.apply(x) as tf.Tensor;
      const layer = hetConv2d({ filters: 3, kernelSize: 3, part: 2, activation, weights: linear.getWeights() });
      const y = layer.apply(x) as tf.Tensor;
      expect(y.dataSync()).toEqual((layers.activation({ activation }).apply(z) as tf.Tensor).dataSync());
    });
  }

  it('of an empty batch is an empty batch', () => {
    const layer = hetConv2d({ filters: 3, kernelSize: 3, part: 2 });
    expect((layer.apply(tf.zeros([0, 5, 5, 4])) as tf.Tensor).shape).toEqual([0, 3, 3, 3]);
  });

  it('leaves no tensor behind, and takes its weights with it', async () => {
    const x = uniform([1, 5, 5, 4], 'leak');
    expect(
      await leaked(() => {
        const layer = hetConv2d({
          filters: 4,
          kernelSize: 3,
          part: 2,
          activation: 'tanh',
          kernelInitializer: 'heNormal',
        });
        (layer.apply(x) as tf.Tensor).dispose();
        layer.dispose();
        const pointwise = hetConv2d({ filters: 4, kernelSize: 1, part: 2 });
        (pointwise.apply(x) as tf.Tensor).dispose();
        pointwise.dispose();
      }),
    ).toBe(0);
  });
});

const names = (kernelSize: number): string[] => {
  const layer = hetConv2d({ filters: 4, kernelSize, part: 2, name: `named${kernelSize}` });
  layer.build([null, 5, 5, 4]);
  return layer.weights.map((weight) => weight.originalName);
};

describe('configuration', () => {
  it('round-trips with every option', () => {
    const args: HetConv2DArgs = {
      filters: 4,
      kernelSize: [3, 5],
      part: 2,
      strides: [2, 1],
      padding: 'same',
      dataFormat: 'channelsFirst',
      dilationRate: 1,
      activation: 'relu6',
      useBias: false,
      kernelInitializer: 'leCunUniform',
      biasInitializer: initializers.constant({ value: 2 }),
      kernelConstraint: constraints.nonNeg(),
      biasConstraint: 'unitNorm',
      kernelRegularizer: regularizers.l2({ l2: 0.1 }),
      biasRegularizer: 'l1l2',
      name: 'conv',
      trainable: false,
      inputShape: [4, null, null],
    };
    const layer = hetConv2d(args);
    const config = layer.getConfig();
    const copy = HetConv2D.fromConfig(HetConv2D, structuredClone(config)) as HetConv2D; // tfjs writes into what it reads
    expect(copy.getConfig()).toEqual(config);
    expect(config).toMatchObject({ part: 2, filters: 4, kernelSize: [3, 5], name: 'conv', trainable: false });
    expect(config).toMatchObject({ batchInputShape: [null, 4, null, null], useBias: false, activation: 'relu6' });
    expect(copy.trainable).toBe(false);
  });

  it("keeps part 'channels' as a word", () => {
    const layer = hetConv2d({ filters: 4, kernelSize: 3, part: 'channels' });
    expect((HetConv2D.fromConfig(HetConv2D, layer.getConfig()) as HetConv2D).part).toBe('channels');
  });

  it('unknown batch, height and width stay unknown', () => {
    const same = hetConv2d({ filters: 8, kernelSize: 3, part: 2, strides: 2, padding: 'same' });
    expect(same.computeOutputShape([null, null, null, 4])).toEqual([null, null, null, 8]);
    expect(same.computeOutputShape([null, 7, null, 4])).toEqual([null, 4, null, 8]);
    const x = input({ shape: [null, null, 4] });
    const net = model({ inputs: x, outputs: same.apply(x) as never });
    expect((net.predict(uniform([2, 5, 6, 4], 'open')) as tf.Tensor).shape).toEqual([2, 3, 3, 8]);
  });

  it('names its weights pointwise, spatial, bias; a 1x1 has no spatial', () => {
    expect(names(3)).toEqual(['pointwise', 'spatial', 'bias']);
    expect(names(1)).toEqual(['pointwise', 'bias']);
  });
});

describe('refusals', () => {
  const base = { filters: 4, kernelSize: 3, part: 2 } as const;
  const bad: [string, string, () => void][] = [
    ['filters', 'filters', () => hetConv2d({ ...base, filters: 0 })],
    ['kernelSize', 'kernelSize', () => hetConv2d({ ...base, kernelSize: [3, 0] })],
    ['three sizes', 'kernelSize', () => hetConv2d({ ...base, kernelSize: [3, 3, 3] })],
    ['part 0', 'part', () => hetConv2d({ ...base, part: 0 })],
    ['part 1.5', 'part', () => hetConv2d({ ...base, part: 1.5 })],
    ['part by a wrong word', 'part', () => hetConv2d({ ...base, part: 'all' as 'channels' })],
    ['part above M', 'part', () => hetConv2d({ ...base, part: 5 }).build([null, 8, 8, 4])],
    ['strides with dilation', 'strides', () => hetConv2d({ ...base, strides: 2, dilationRate: 2 })],
    ['causal padding', 'padding', () => hetConv2d({ ...base, padding: 'causal' })],
    ['dataFormat', 'dataFormat', () => hetConv2d({ ...base, dataFormat: 'NHWC' as 'channelsLast' })],
    ['unknown channels', 'inputShape', () => hetConv2d(base).build([null, 8, 8, null])],
    ['window above the input', 'kernelSize', () => hetConv2d({ ...base, kernelSize: 9 }).build([null, 8, 8, 4])],
  ];
  for (const [name, argument, act] of bad) {
    it(`${name}: names the argument, leaves nothing behind`, async () => {
      const left = await leaked(() => {
        expect(act).toThrow(InvalidArgumentError);
        expect(act).toThrow(argument);
      });
      expect(left).toBe(0);
    });
  }
});
