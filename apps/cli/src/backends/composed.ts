/** Stock tfjs backends that run in Node and have no HetConv kernels of ours here: they run the composed form. */
import { type BackendProvider, composedKernels, registerComposed } from '@hetconv/core';

export const composedProviders: readonly BackendProvider[] = [
  {
    name: 'wasm',
    async prepare() {
      await import('@tensorflow/tfjs-backend-wasm');
      registerComposed('wasm');
      return { available: true };
    },
    kernels: () => composedKernels,
    describe: () => ({ kernels: 'composed of stock tfjs ops' }),
  },
];
