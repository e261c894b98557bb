import { backend as cpu } from '@hetconv/backend-cpu';
import { hetConv2d } from '@hetconv/layers';
import * as tf from '@tensorflow/tfjs-core';
import { layers, type LayersModel, sequential } from '@tensorflow/tfjs-layers';
import { beforeAll, expect, it } from 'vitest';
import { benchLayers, layerTotals, modelLayerRequests } from '../src/index.ts';

beforeAll(async () => {
  await cpu.prepare();
  await tf.setBackend('cpu');
});

const same = { kernelSize: 3, padding: 'same', part: 2 } as const;

function network(): LayersModel {
  return sequential({
    layers: [
      layers.conv2d({ filters: 4, kernelSize: 3, inputShape: [8, 6, 3] }),
      hetConv2d({ ...same, filters: 4, name: 'first' }),
      hetConv2d({ ...same, filters: 4, name: 'like_it' }),
      hetConv2d({ ...same, filters: 8, strides: 2, part: 'channels', name: 'halves' }),
      hetConv2d({ ...same, filters: 4, kernelSize: 1, part: 1, name: 'pointwise' }),
      hetConv2d({ ...same, filters: 4, dilationRate: 2, name: 'dilated' }),
    ],
  });
}

const sizes = { kernel: 3, batch: 2 };

it('are one request each, counted, with what cannot be one', () => {
  expect(modelLayerRequests(network(), { batch: 2 })).toEqual({
    requests: [
      { ...sizes, name: 'first', count: 2, height: 6, width: 4, in: 4, out: 4, stride: 1, parts: [2] },
      { ...sizes, name: 'halves', count: 1, height: 6, width: 4, in: 4, out: 8, stride: 2, parts: [4] },
    ],
    left: [{ name: 'dilated', reason: 'it is dilated' }],
  });
});

it('are refused where the network has none, or its sizes are open', () => {
  const dense = sequential({ layers: [layers.dense({ units: 2, inputShape: [2] })] });
  expect(() => modelLayerRequests(dense)).toThrow(/model must be a network with HetConv2D layers/);
  const open = sequential({ layers: [hetConv2d({ ...same, filters: 4, inputShape: [null, null, 4] })] });
  expect(() => modelLayerRequests(open)).toThrow(/known in every size/);
  expect(modelLayerRequests(open, { inputShape: [null, 5, 7, 4] }).requests).toMatchObject([{ height: 5, width: 7 }]);
});

it('add up to a total in which every layer counts as often as the network has it', async () => {
  const { requests } = modelLayerRequests(network());
  const before = tf.memory().numTensors;
  const live: number[] = [];
  const rows = await benchLayers([cpu], requests, {
    blocks: 2,
    minRounds: 2,
    maxRounds: 2,
    onRows: (known) => live.push(known.length),
  });
  expect(live).toEqual([1, 2, 2, 2]);
  expect(rows.map(({ name, count, part }) => [name, count, part])).toEqual([
    ['first', 2, 2],
    ['halves', 1, 4],
  ]);
  const [total, ...others] = layerTotals(rows);
  expect(others).toEqual([]);
  const [first, halves] = rows;
  expect(total).toMatchObject({ backend: 'cpu', rows: 2, layers: 3, medianMs: 2 * first.medianMs + halves.medianMs });
  expect(total.speedup).toBe(total.denseMedianMs / total.medianMs);
  // 2 * 24 * 4 * 4 * 9 + 6 * 4 * 8 * 9 dense products; 1 + 8/P instead of 9 in the HetConvs.
  expect(total.macRatio).toBeCloseTo((9 * (768 + 192)) / (5 * 768 + 3 * 192), 12);
  expect(tf.memory().numTensors).toBe(before);
});
