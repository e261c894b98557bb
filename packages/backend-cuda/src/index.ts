/**
 * The tfjs backend 'cuda' for Node: NVIDIA GPUs by the driver alone, with HetConv kernels. Importing this registers nothing and needs no
 * GPU; call `register()`, or import '@hetconv/backend-cuda/register'.
 */
export { CudaBackend } from './backend.ts';
export { fallbackCounts, resetFallbackCounts } from './fallback.ts';
export { cudaKernels } from './hetconv/kernels.ts';
export { configure, type CudaOptions } from './options.ts';
export { backend } from './provider.ts';
export { register } from './registration.ts';
