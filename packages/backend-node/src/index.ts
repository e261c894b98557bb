/**
 * HetConv on the tfjs backend 'tensorflow' of tfjs-node and tfjs-node-gpu. Importing this registers nothing and loads neither;
 * call `register()`, or import '@hetconv/backend-node/register', after one of them.
 */
import { type BackendProvider, type HetConvKernels, registerHetConvKernels, UnsupportedError } from '@hetconv/core';
import { BACKEND, type TensorflowBackend } from './backend.ts';
import { kernelsFor } from './kernels.ts';
import { prepare, runningBackend } from './prepare.ts';

export type { TensorflowBackend } from './backend.ts';

/**
 * The kernels for the device that the loaded backend runs on: composed of stock operations, on a GPU with grouped convolutions.
 *
 * @throws UnsupportedError where no backend of tfjs-node is loaded
 */
export function tensorflowKernels(): HetConvKernels<TensorflowBackend> {
  const running = runningBackend();
  if (running !== undefined) return kernelsFor(running);
  throw new UnsupportedError(
    `@hetconv/backend-node: the tfjs backend '${BACKEND}' of tfjs-node 4.22 is not loaded. ` +
      `Import '@tensorflow/tfjs-node' or '@tensorflow/tfjs-node-gpu' before.`,
  );
}

/**
 * Registers the kernels for the tfjs backend 'tensorflow'. Twice is a no-op.
 *
 * @throws UnsupportedError where no backend of tfjs-node is loaded
 */
export function register(): void {
  registerHetConvKernels(BACKEND, tensorflowKernels());
}

export const backend: BackendProvider = {
  name: BACKEND,
  environments: ['node'],
  async prepare() {
    const availability = await prepare();
    if (availability.available) register();
    return availability;
  },
  kernels: () => tensorflowKernels(),
  describe() {
    const running = runningBackend();
    if (running === undefined) return {};
    const { binding, isGPUPackage, isUsingGpuDevice } = running;
    return {
      package: isGPUPackage ? 'tfjs-node-gpu' : 'tfjs-node',
      tensorflow: binding.TF_Version,
      device: isUsingGpuDevice ? 'GPU' : 'CPU',
    };
  },
};
