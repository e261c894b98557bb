/** The conformance suite on the stand-in, as one test: what fails, what was not reached, what was left behind. */
import { type Family, runConformance } from '@hetconv/conformance';
import { setBackend } from '@tensorflow/tfjs-core';
import { backend } from '@hetconv/backend-node';
import { expect } from 'vitest';
import { giveAddon } from './addon.ts';
import { createStandIn, type StandIn } from './stand-in/binding.ts';

interface Suite {
  readonly isGpu: boolean;
  readonly families: readonly Family[];
}

/** Runs the families through tfjs-node (on a GPU: tfjs-node-gpu), with the stand-in under it. */
export async function expectConformance({ isGpu, families }: Suite): Promise<StandIn> {
  const standIn = createStandIn(isGpu);
  giveAddon(isGpu ? '@tensorflow/tfjs-node-gpu' : '@tensorflow/tfjs-node', standIn);
  // As a program does that chooses one of them.
  await (isGpu ? import('@tensorflow/tfjs-node-gpu') : import('@tensorflow/tfjs-node'));
  expect(await backend.prepare()).toEqual({ available: true });
  await setBackend('cpu');
  const before = standIn.getNumOfTensors();

  const { tensorflow: report } = (await runConformance({ providers: [backend], families })).backends;
  expect(report.failures).toEqual([]);
  expect(report.facts).toMatchObject({ device: isGpu ? 'GPU' : 'CPU' });
  const unreached = Object.entries(report.variants).filter(([, { passed }]) => passed === 0);
  expect(unreached).toEqual([]);
  expect(standIn.getNumOfTensors()).toBe(before);
  return standIn;
}
