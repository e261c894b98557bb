/** The whole suite on what the device is, then, on a software rasteriser, on the variants for GPUs too. */
import { describeConformance } from '@hetconv/conformance';
import { type BackendProvider, registerHetConvKernels, unregisterHetConvKernels } from '@hetconv/core';
import { afterAll, describe, expect, it } from 'vitest';
import { backend, createWebgpuKernels } from '../src/index.ts';
import { openDevice } from './support/device.ts';

const WHOLE_SUITE_MS = 900_000;
const opened = await openDevice();

describeConformance({ describe, it }, { providers: [backend] }, WHOLE_SUITE_MS);

const gpuKernels = createWebgpuKernels('gpu');
const tunedForGpu: BackendProvider = {
  name: 'webgpu',
  async prepare() {
    const availability = await backend.prepare();
    if (!availability.available) return availability;
    unregisterHetConvKernels('webgpu');
    registerHetConvKernels('webgpu', gpuKernels);
    return availability;
  },
  kernels: () => gpuKernels,
};

describe('tuned for GPUs', () => {
  describeConformance({ describe, it }, { providers: [tunedForGpu], families: ['tiles', 'special'] }, WHOLE_SUITE_MS);
});

afterAll(() => {
  if (typeof opened !== 'string') expect(opened.errors).toEqual([]);
});
