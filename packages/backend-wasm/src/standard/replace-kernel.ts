/** Puts a kernel in front of, or in the place of, one of tfjs's own. */
import { getKernel, type KernelConfig, type KernelFunc, registerKernel, unregisterKernel } from '@tensorflow/tfjs-core';

const BACKEND = 'wasm';
const ours = new WeakSet<KernelFunc>();

/**
 * Registers `make(stock)` as the kernel of the wasm backend; `stock` is the one registered so far, if any.
 * Does nothing where a kernel of ours stands already.
 */
export function replaceKernel(kernelName: string, make: (stock: KernelFunc | undefined) => KernelFunc): void {
  const stock: KernelConfig | undefined = getKernel(kernelName, BACKEND);
  if (stock !== undefined && ours.has(stock.kernelFunc)) return;
  const kernelFunc = make(stock?.kernelFunc);
  ours.add(kernelFunc);
  if (stock !== undefined) unregisterKernel(kernelName, BACKEND);
  // The stock kernel stays reachable, so its setup must still run for every new backend instance.
  registerKernel({ ...stock, kernelName, backendName: BACKEND, kernelFunc });
}
