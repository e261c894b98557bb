/** The example backend under another name, with one wrong kernel: the input gradient steps through columns as through rows. */
import { type BackendProvider, registerHetConvKernels } from '@hetconv/core';
import { toyKernels } from '../../examples/own-backend/kernels.ts';
import { registerToyBackend } from '../../examples/own-backend/toy-backend.ts';

const kernels: typeof toyKernels = {
  ...toyKernels,
  inputGradient: (call) =>
    toyKernels.inputGradient({ ...call, plan: { ...call.plan, strideWidth: call.plan.strideHeight } }),
};

export const backend: BackendProvider = {
  name: 'wrong',
  prepare() {
    registerToyBackend('wrong');
    registerHetConvKernels('wrong', kernels);
    return Promise.resolve({ available: true });
  },
  kernels: () => kernels,
};
