/** How tools find out whether these kernels can run here. */
import {
  type Availability,
  type BackendProvider,
  type HetConvKernels,
  HetConvError,
  requestBeyond,
} from '@hetconv/core';
import type { BackendWasm } from '@tensorflow/tfjs-backend-wasm';
import { engine, findBackend, setBackend } from '@tensorflow/tfjs-core';
import { detectInstructionSet } from './host/instruction-set.ts';
import { runtimeOf } from './host/runtime.ts';

/** @param kernels gives the kernels; `register` registers them, `prepareTraining` those of standard networks */
export function createProvider(
  kernels: () => HetConvKernels,
  register: () => void,
  prepareTraining: () => void,
): BackendProvider {
  return {
    name: 'wasm',
    async prepare() {
      await import('@tensorflow/tfjs-backend-wasm'); // registers the tfjs backend itself
      try {
        register();
        return await start();
      } catch (error) {
        if (error instanceof HetConvError && error.code === 'unsupported') {
          return { available: false, reason: error.message };
        }
        throw error;
      }
    },
    prepareTraining,
    kernels,
    resources: {
      heldBytes() {
        const { cachedBytes, host } = runtimeOf(findBackend('wasm') as BackendWasm);
        return { cachedBytes, heapBytes: host.memory.buffer.byteLength };
      },
      oversizedRequest: () => requestBeyond(2 ** 31),
    },
    describe() {
      const wasm = findBackend('wasm');
      const threads = wasm === null ? 1 : runtimeOf(wasm as BackendWasm).threads;
      return { instructionSet: detectInstructionSet(), threads };
    },
  };
}

/** Starts the tfjs backend, which needs its .wasm files, and looks for its memory. Goes back to the backend in use, if any. */
async function start(): Promise<Availability> {
  const current: string | undefined = engine().backendName;
  const hasStarted = await setBackend('wasm');
  if (hasStarted) runtimeOf(findBackend('wasm') as BackendWasm);
  if (current !== undefined && current !== null && current !== 'wasm') await setBackend(current);
  if (hasStarted) return { available: true };
  const reason =
    "tfjs could not start its wasm backend: are its .wasm files served? See setWasmPaths of '@tensorflow/tfjs-backend-wasm'.";
  return { available: false, reason };
}
