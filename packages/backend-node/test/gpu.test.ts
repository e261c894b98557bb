/** TensorFlow on a GPU: the ring as a grouped convolution, forward and in both gradients. */
import '@hetconv/backend-node/restore-util';
import { expect, it } from 'vitest';
import { expectConformance } from './suite.ts';

it('HetConv is a dense and a grouped convolution on a GPU', { timeout: 300_000 }, async () => {
  const { calls } = await expectConformance({
    isGpu: true,
    families: ['tiles', 'channels', 'fused', 'gradients', 'adjoint'],
  });
  const expected = ['Conv2D', 'Conv2DBackpropInput', 'Conv2DBackpropFilter', 'DepthwiseConv2dNative'];
  expect([...calls.keys()]).toEqual(expect.arrayContaining(expected));
});
