/** Puts a kernel beside, or in the place of, those of tfjs's wasm backend. */
import { UnsupportedError } from '@hetconv/core';
import { getKernel, type KernelConfig, type KernelFunc, registerKernel, unregisterKernel } from '@tensorflow/tfjs-core';

const BACKEND = 'wasm';
const ours = new WeakSet<KernelFunc>();

/** Registers a kernel that the wasm backend lacks. Does nothing where there is one, ours or not. */
export function addKernel(kernelName: string, kernelFunc: KernelFunc): void {
  const present: KernelConfig | undefined = getKernel(kernelName, BACKEND);
  if (present === undefined) registerKernel({ kernelName, backendName: BACKEND, kernelFunc });
}

/**
 * Registers `make(stock)` in the place of the stock kernel. Does nothing where a kernel of ours stands already.
 *
 * @throws UnsupportedError where the stock kernels are not there yet: they would overwrite ours
 */
export function replaceKernel(kernelName: string, make: (stock: KernelFunc) => KernelFunc): void {
  const stock: KernelConfig | undefined = getKernel(kernelName, BACKEND);
  if (stock === undefined) {
    throw new UnsupportedError(`Import '@tensorflow/tfjs-backend-wasm' before its kernel ${kernelName} is replaced.`);
  }
  if (ours.has(stock.kernelFunc)) return;
  const kernelFunc = make(stock.kernelFunc);
  ours.add(kernelFunc);
  unregisterKernel(kernelName, BACKEND);
  // The stock kernel stays reachable, so its setup must still run for every new backend instance.
  registerKernel({ ...stock, kernelFunc });
}
