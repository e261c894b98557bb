/**
 * HetConv kernels in WGSL for the tfjs webgpu backend, in browsers and, through Dawn, in Node. Importing this registers
 * nothing; call `register()`, or import '@hetconv/backend-webgpu/register'.
 */
import { type Availability, type BackendProvider, registerHetConvKernels, requestBeyond } from '@hetconv/core';
import { webgpuKernels } from './kernels.ts';
import { prepare } from './prepare.ts';
import { deviceFacts } from './run/device.ts';

export { createWebgpuKernels, webgpuKernels } from './kernels.ts';
export { guardReads } from './run/device.ts';
export type { Tuning } from './variants.ts';

/** Registers the kernels for the tfjs backend 'webgpu'. Twice is a no-op. */
export function register(): void {
  registerHetConvKernels('webgpu', webgpuKernels);
}

export const backend: BackendProvider = {
  name: 'webgpu',
  async prepare(): Promise<Availability> {
    const availability = await prepare();
    if (availability.available) register();
    return availability;
  },
  kernels: () => webgpuKernels,
  resources: {
    oversizedRequest: () => requestBeyond(deviceFacts().device.limits.maxBufferSize),
    async loseDevice() {
      const { device } = deviceFacts();
      device.destroy();
      await device.lost;
    },
  },
  isSoftware: () => deviceFacts().isSoftware,
  describe() {
    const { vendor, architecture, description, isSoftware, device } = deviceFacts();
    return {
      adapter: [vendor, architecture, description].filter(Boolean).join(' ') || 'not named by the browser',
      device: isSoftware ? 'software rasteriser: its speed says little of a GPU' : 'GPU',
      workgroupStorageBytes: device.limits.maxComputeWorkgroupStorageSize,
      threadsPerWorkgroup: device.limits.maxComputeInvocationsPerWorkgroup,
    };
  },
};
