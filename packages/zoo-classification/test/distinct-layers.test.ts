import { planHetConv } from '@hetconv/core';
import * as tf from '@tensorflow/tfjs-core';
import { describe, expect, it } from 'vitest';
import { classificationModels, distinctLayers } from '../src/index.ts';
import { planNetwork } from '../src/network-plan.ts';

describe('distinctLayers', () => {
  const found = distinctLayers();

  it('has each geometry once, under a name of its own, and every replaced layer of every model', () => {
    expect(new Set(found.map(({ name }) => name)).size).toBe(found.length);
    const keys = new Set(found.map(({ request }) => JSON.stringify(planHetConv(request))));
    expect(keys.size).toBe(found.length);
    for (const model of classificationModels) {
      for (const part of [4, 'channels'] as const) {
        for (const { inputShape, filters, part: used, kernelSize, strides } of planNetwork(model, { part }).replaced) {
          const request = {
            inputShape: [1, ...inputShape],
            outChannels: filters,
            part: used,
            kernelSize,
            strides,
          } as const;
          expect(keys).toContain(JSON.stringify(planHetConv({ ...request, pad: 'same' })));
        }
      }
    }
  });

  it('names the place', () => {
    const strided = found.find(({ name }) => name === 'resnet50-imagenet/stage2_block1_conv2/p4');
    expect(strided?.request).toEqual({
      inputShape: [1, 56, 56, 128],
      outChannels: 128,
      part: 4,
      kernelSize: 3,
      strides: 2,
      pad: 'same',
    });
  });

  it('needs no backend, and refuses a wrong P', () => {
    expect(tf.engine().registryFactory).toEqual({}); // so no tensor can be made
    expect(() => distinctLayers({ parts: [0] })).toThrow(/part must be a positive integer or 'channels', but was 0/);
    expect(distinctLayers({ parts: [4, 4] })).toEqual(distinctLayers({ parts: [4] }));
  });
});
