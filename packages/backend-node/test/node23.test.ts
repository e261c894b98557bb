/** tfjs-node 4.22 on Node 23 and later: what is said, and the way out. */
import { backend } from '@hetconv/backend-node';
import '@tensorflow/tfjs-backend-cpu';
import { getBackend, setBackend } from '@tensorflow/tfjs-core';
import util from 'node:util';
import { expect, it } from 'vitest';
import { giveAddon } from './addon.ts';
import { createStandIn } from './stand-in/binding.ts';

it('finds the trap of Node 23, and the way out of it', async (context) => {
  if ('isNullOrUndefined' in util) {
    context.skip('this Node still has what tfjs-node calls');
    return;
  }
  await setBackend('cpu');
  giveAddon('@tensorflow/tfjs-node-gpu', createStandIn(false));
  const availability = await backend.prepare();
  expect(availability.available || availability.reason).toMatch(/Node 23 removed.*Node 22.*restore-util.*backend-cuda/);
  expect(getBackend()).toBe('cpu');

  await import('@hetconv/backend-node/restore-util');
  expect(await backend.prepare()).toEqual({ available: true });
  expect(getBackend()).toBe('cpu');
  expect(backend.describe?.()).toEqual({ package: 'tfjs-node-gpu', tensorflow: 'a stand-in', device: 'CPU' });
});
