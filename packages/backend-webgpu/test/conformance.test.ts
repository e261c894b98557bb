/** The whole suite on what the device is, then, on a software rasteriser, on the variants for GPUs too. */
import { describeConformance } from '@hetconv/conformance';
import {
  type BackendProvider,
  type HetConvKernels,
  type KernelVariant,
  registerHetConvKernels,
  unregisterHetConvKernels,
} from '@hetconv/core';
import type { WebGPUBackend } from '@tensorflow/tfjs-backend-webgpu';
import { afterAll, describe, expect, it } from 'vitest';
import { backend, createWebgpuKernels } from '../src/index.ts';
import { openDevice } from './support/device.ts';

const WHOLE_SUITE_MS = 900_000;
const opened = await openDevice();

describeConformance({ describe, it }, { providers: [backend] }, WHOLE_SUITE_MS);

/**
 * A barrier costs a software rasteriser dearly, so that sweeping every staged tile takes the better part of an hour there: each
 * variant is reached by eight requests instead (kernels.test.ts adds ragged ones). Filter gradients are the same in both tunings.
 */
function reachedOnly(kernels: HetConvKernels<WebGPUBackend>): HetConvKernels<WebGPUBackend> {
  const variants = kernels.variants.map((variant): KernelVariant => ({
    name: variant.name,
    pass: variant.pass,
    accepts: (plan) => variant.accepts(plan),
  }));
  return { ...kernels, variants };
}

let gpuKernels: HetConvKernels<WebGPUBackend> | undefined;
const kernelsForGpu = (): HetConvKernels<WebGPUBackend> => (gpuKernels ??= reachedOnly(createWebgpuKernels('gpu')));
const tunedForGpu: BackendProvider = {
  name: 'webgpu',
  async prepare() {
    const availability = await backend.prepare();
    if (!availability.available) return availability;
    unregisterHetConvKernels('webgpu');
    registerHetConvKernels('webgpu', kernelsForGpu());
    return availability;
  },
  kernels: kernelsForGpu,
};

describe('tuned for GPUs', () => {
  describeConformance({ describe, it }, { providers: [tunedForGpu], families: ['tiles', 'special'] }, WHOLE_SUITE_MS);
});

afterAll(() => {
  if (typeof opened !== 'string') expect(opened.errors).toEqual([]);
});
