/** The stock wasm backend with the composed form: HetConv where nobody has written kernels. */
import { type BackendProvider, composedKernels, registerComposed } from '@hetconv/core';

export const composedWasm: BackendProvider = {
  name: 'wasm',
  async prepare() {
    await import('@tensorflow/tfjs-backend-wasm');
    registerComposed('wasm');
    return { available: true };
  },
  kernels: () => composedKernels,
};
