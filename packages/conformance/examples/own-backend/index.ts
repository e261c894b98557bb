import { type BackendProvider, registerHetConvKernels } from '@hetconv/core';
import { toyKernels } from './kernels.ts';
import { registerToyBackend } from './toy-backend.ts';

export const backend: BackendProvider = {
  name: 'toy', // of the tfjs backend
  prepare() {
    registerToyBackend(); // or `await import('your-tfjs-backend')`
    registerHetConvKernels('toy', toyKernels);
    return Promise.resolve({ available: true }); // or { available: false, reason: 'this machine has no ...' }
  },
  kernels: () => toyKernels,
};
