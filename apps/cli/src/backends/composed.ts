/** Stock tfjs backends that run in Node, for where no package of ours brings kernels: they run the composed form. */
import { type BackendProvider, composedProvider } from '@hetconv/core';

export const composedProviders: readonly BackendProvider[] = [
  composedProvider('wasm', () => import('@tensorflow/tfjs-backend-wasm')),
];
