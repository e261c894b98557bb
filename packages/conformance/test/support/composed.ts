/** Stock backends with the composed form: HetConv where nobody has written kernels. */
import { type BackendProvider, composedProvider } from '@hetconv/core';

export const composedCpu: BackendProvider = composedProvider('cpu', () => import('@tensorflow/tfjs-backend-cpu'));
export const composedWasm: BackendProvider = composedProvider('wasm', () => import('@tensorflow/tfjs-backend-wasm'));
