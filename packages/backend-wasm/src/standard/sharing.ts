/**
 * Identity and casts to the same type without a copy. The stock kernels copy; the tape clones every tensor that a gradient
 * needs, so training held every activation twice. Tensors are never written after they are made, as the cpu backend relies on too.
 */
import type { BackendWasm } from '@tensorflow/tfjs-backend-wasm';
import { Cast, type CastAttrs, Identity, type KernelFunc, type TensorInfo } from '@tensorflow/tfjs-core';
import { replaceKernel } from './replace-kernel.ts';

export function registerSharing(): void {
  replaceKernel(Identity, (stock): KernelFunc => (args) => {
    const x = args.inputs.x as TensorInfo;
    return x.dtype === 'string' ? stock(args) : share(args.backend as BackendWasm, x);
  });
  replaceKernel(Cast, (stock): KernelFunc => (args) => {
    const x = args.inputs.x as TensorInfo;
    const { dtype } = args.attrs as unknown as CastAttrs;
    return x.dtype === dtype && dtype !== 'string' ? share(args.backend as BackendWasm, x) : stock(args);
  });
}

/** The same data once more. */
function share(backend: BackendWasm, { dataId, shape, dtype }: TensorInfo): TensorInfo {
  backend.incRef(dataId);
  return { dataId, shape, dtype };
}
