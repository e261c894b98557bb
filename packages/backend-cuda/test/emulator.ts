/** Starts the backend on the CUDA emulator, which is built if need be. */
import { buildEmulator } from '@hetconv/cuda-emulator';
import type { BackendProvider } from '@hetconv/core';
import * as tf from '@tensorflow/tfjs-core';
import { fileURLToPath } from 'node:url';
import { beforeEach } from 'vitest';
import { backend, configure, type CudaBackend, type CudaOptions } from '../src/index.ts';

/** The .cu files that are compiled in. */
export const KERNELS: string = fileURLToPath(new URL('../kernels', import.meta.url));

interface Mode extends CudaOptions {
  /** When work on a stream is done: at once, or as late as CUDA allows. */
  readonly streams?: 'eager' | 'deferred';
  /** No kernel may run on the CPU. */
  readonly strict?: boolean;
}

/** @returns why it cannot run here, or nothing */
export async function chooseEmulator({ streams = 'eager', ...options }: Mode = {}): Promise<string | undefined> {
  const emulator = await buildEmulator({ kernels: KERNELS });
  if (!emulator.available) return emulator.reason;
  process.env.CUDA_EMULATOR_STREAMS = streams;
  configure({ library: emulator.library, ...options });
  return undefined;
}

/** The provider on the emulator; where that cannot be built, it says why. */
export async function onEmulator(mode: Mode): Promise<BackendProvider> {
  const reason = await chooseEmulator(mode);
  return reason === undefined ? backend : { ...backend, prepare: async () => ({ available: false, reason }) };
}

/** Makes the emulator the current backend; a new start, if another mode was running. */
export async function useEmulator({ strict = false, ...mode }: Mode = {}): Promise<string | undefined> {
  const reason = await chooseEmulator(mode);
  if (reason !== undefined) return reason;
  if (tf.findBackendFactory('cuda') != null) tf.removeBackend('cuda');
  const availability = await backend.prepare();
  if (!availability.available) throw new Error(availability.reason);
  await tf.setBackend('cuda');
  tf.env().set('CUDA_STRICT', strict);
  return undefined;
}

/** Skips the tests of a file, or of a `describe`, for this reason if there is one. */
export function skipFor(reason: string | undefined): void {
  beforeEach((context) => {
    if (reason !== undefined) context.skip(reason);
  });
}

export const current = (): CudaBackend => tf.backend() as CudaBackend;
