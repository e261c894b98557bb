/**
 * HetConv kernels in plain JavaScript for the tfjs cpu backend. Importing this registers nothing;
 * call `register()`, or import '@hetconv/backend-cpu/register'.
 */
import { type BackendProvider, registerHetConvKernels, requestBeyond } from '@hetconv/core';
import { cpuKernels } from './kernels.ts';

export { cpuKernels } from './kernels.ts';

/** Registers the kernels for the tfjs backend 'cpu'. Twice is a no-op. */
export function register(): void {
  registerHetConvKernels('cpu', cpuKernels);
}

export const backend: BackendProvider = {
  name: 'cpu',
  async prepare() {
    await import('@tensorflow/tfjs-backend-cpu'); // registers the tfjs backend itself
    register();
    return { available: true };
  },
  kernels: () => cpuKernels,
  // More than any address space: a typed array of it is refused at once.
  resources: { oversizedRequest: () => requestBeyond(2 ** 48) },
};
