import { fans, fromDense, HE_UNIFORM } from '@hetconv/core';
import * as tf from '@tensorflow/tfjs-core';
import { layers, sequential } from '@tensorflow/tfjs-layers';
import { beforeAll, describe, expect, it } from 'vitest';
import { dualConv2d, groupedConv2d, hetConv2d, seededInitializer } from '../src/index.ts';
import { projectDense } from '../src/layers/project.ts';
import { useCpu } from './backend.ts';

beforeAll(useCpu);

const variance = (t: tf.Tensor): number => tf.moments(t).variance.dataSync()[0];

/** What the seed draws for a stock layer. */
const draw = (seed: string): Float32Array => {
  const layer = layers.conv2d({
    filters: 4,
    kernelSize: 3,
    kernelInitializer: seededInitializer(HE_UNIFORM, seed),
  });
  sequential({ layers: [layers.inputLayer({ inputShape: [8, 8, 3] }), layer] });
  return layer.getWeights()[0].dataSync() as Float32Array;
};

describe('initial variance is that of the real fan-in', () => {
  const he = 'heNormal';
  /** tfjs does not rescale its truncated normal; ours, as Keras's, has the variance that it says. */
  const stock = 0.7737;

  it('HetConv2D, for stock and for seeded initialisers', () => {
    const layout = { kernelHeight: 3, kernelWidth: 3, inChannels: 64, outChannels: 64, part: 16 };
    const { fanIn } = fans(layout);
    for (const [kernelInitializer, factor] of [
      [he, stock],
      [seededInitializer(HE_UNIFORM, 's'), 1],
    ] as const) {
      const layer = hetConv2d({ filters: 64, kernelSize: 3, part: 16, kernelInitializer });
      layer.build([null, 8, 8, 64]);
      const { pointwise, spatial } = layer.kernels();
      expect(variance(pointwise) * fanIn).toBeGreaterThan(2 * factor * 0.9);
      expect(variance(pointwise) * fanIn).toBeLessThan(2 * factor * 1.1);
      expect(variance(spatial) * fanIn).toBeGreaterThan(2 * factor * 0.9);
      expect(variance(spatial) * fanIn).toBeLessThan(2 * factor * 1.1);
    }
  });

  it('GroupedConv2D (depthwise) and DualConv2D, whose branches differ under one seed', () => {
    const kernelInitializer = seededInitializer({ ...HE_UNIFORM, mode: 'fanOut' }, 's');
    const depthwise = groupedConv2d({ filters: 512, kernelSize: 3, groups: 'channels', kernelInitializer });
    depthwise.build([null, 8, 8, 512]);
    expect(variance(depthwise.weights[0].read()) * 9).toBeCloseTo(2, 0);
    const dual = dualConv2d({
      filters: 64,
      kernelSize: 3,
      groups: 4,
      kernelInitializer: seededInitializer(HE_UNIFORM, 's'),
    });
    dual.build([null, 8, 8, 64]);
    const [grouped, pointwise] = dual.getWeights();
    const fanIn = (9 * 64) / 4 + 64;
    expect(variance(grouped) * fanIn).toBeCloseTo(2, 0);
    expect(variance(pointwise) * fanIn).toBeCloseTo(2, 0);
    expect(grouped.dataSync().slice(0, 8)).not.toEqual(pointwise.dataSync().slice(0, 8));
  });

  it('the same seed draws the same bits, another seed others; on stock layers too', () => {
    expect(draw('a')).toEqual(draw('a'));
    expect(draw('a')).not.toEqual(draw('b'));
    expect(Array.from(draw('a').subarray(0, 3))).toMatchInlineSnapshot(`
      [
        -0.21851898729801178,
        -0.022588912397623062,
        -0.4276107847690582,
      ]
    `);
  });

  it('a seeded draw is projected as core projects a dense filter, bit for bit', () => {
    for (const [inChannels, part, kernelSize] of [
      [5, 3, 3],
      [4, 2, 2],
      [6, 6, 1],
      [4, 1, 3],
    ] as const) {
      const layout = { kernelHeight: kernelSize, kernelWidth: kernelSize, inChannels, outChannels: 7, part };
      const dense = tf.range(1, 1 + kernelSize ** 2 * inChannels * 7);
      const expected = fromDense(tf.reshape(dense, [kernelSize, kernelSize, inChannels, 7]), { part });
      const { pointwise, spatial } = projectDense(dense.dataSync() as Float32Array, layout);
      expect(pointwise).toEqual(expected.pointwise.dataSync());
      expect(spatial).toEqual(expected.spatial.dataSync());
    }
  });

  it('a bad seed, scale, mode or distribution is refused', () => {
    expect(() => seededInitializer(HE_UNIFORM, Number.NaN)).toThrow(/seed must be text or a finite number/);
    expect(() => seededInitializer({ ...HE_UNIFORM, scale: -1 }, 1)).toThrow(/scale/);
    expect(() => seededInitializer({ ...HE_UNIFORM, mode: 'fan' as 'fanIn' }, 1)).toThrow(/mode/);
    expect(() => seededInitializer({ ...HE_UNIFORM, distribution: 'normal' as 'uniform' }, 1)).toThrow(/distribution/);
  });
});
