/** TensorFlow without a GPU: stock operations only, none of them grouped; the stand-in refuses such there. */
import '@hetconv/backend-node/restore-util';
import { expect, it } from 'vitest';
import { expectConformance } from './suite.ts';

it('HetConv is composed of what TensorFlow computes on a CPU', { timeout: 300_000 }, async () => {
  const { calls } = await expectConformance({ isGpu: false, families: ['tiles', 'channels', 'gradients', 'special'] });
  // Gradients of strided layers: tfjs's own op would have been refused.
  expect(calls.get('Conv2DBackpropInput')).toBeGreaterThan(0);
});
