/** What tools ask of this backend. */
import type { BackendProvider } from '@hetconv/core';
import { findBackend } from '@tensorflow/tfjs-core';
import { CudaBackend } from './backend.ts';
import { isNode } from './driver/host.ts';
import { fallbackCounts } from './fallback.ts';
import { cudaKernels } from './hetconv/kernels.ts';
import { register, start } from './registration.ts';

const EMULATOR = 'CUDA emulator';

function running(): CudaBackend | undefined {
  const found: unknown = isNode() ? findBackend('cuda') : undefined;
  return found instanceof CudaBackend ? found : undefined;
}

export const backend: BackendProvider = {
  name: 'cuda',
  environments: ['node'],

  async prepare() {
    if (!isNode()) return { available: false, reason: 'The cuda backend runs in Node only.' };
    await import('@tensorflow/tfjs-backend-cpu'); // for the kernels that are not native
    try {
      start();
    } catch (error) {
      return { available: false, reason: error instanceof Error ? error.message : String(error) };
    }
    register();
    return { available: true };
  },

  kernels: () => cudaKernels,

  isSoftware: () => running()?.device.facts.name.startsWith(EMULATOR) ?? false,

  describe: () => {
    const device = running()?.device;
    if (device === undefined) return {};
    return { ...device.facts, kernelsOnCpu: Object.values(fallbackCounts()).reduce((sum, count) => sum + count, 0) };
  },
};
