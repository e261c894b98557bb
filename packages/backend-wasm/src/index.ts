/**
 * HetConv kernels in SIMD WebAssembly for the tfjs wasm backend. Importing this registers nothing;
 * call `register()`, or import '@hetconv/backend-wasm/register'.
 */
import { type BackendProvider, type HetConvKernels, registerHetConvKernels } from '@hetconv/core';
import type { BackendWasm } from '@tensorflow/tfjs-backend-wasm';
import { detectInstructionSet } from './host/instruction-set.ts';
import { createWasmKernels } from './kernels.ts';

export { createWasmKernels } from './kernels.ts';
export { detectInstructionSet } from './host/instruction-set.ts';
export type { InstructionSet } from './host/instruction-set.ts';

let kernels: HetConvKernels<BackendWasm> | undefined;

/**
 * The kernels for the best instruction set of this engine.
 *
 * @throws UnsupportedError where Wasm SIMD is missing
 */
export function wasmKernels(): HetConvKernels<BackendWasm> {
  const best = detectInstructionSet();
  kernels ??= createWasmKernels(best === 'none' ? 'simd' : best); // throws for 'none'
  return kernels;
}

/** Registers the kernels for the tfjs backend 'wasm'. Twice is a no-op. */
export function register(): void {
  registerHetConvKernels('wasm', wasmKernels());
}

export const backend: BackendProvider = {
  name: 'wasm',
  async prepare() {
    await import('@tensorflow/tfjs-backend-wasm'); // registers the tfjs backend itself
    if (detectInstructionSet() === 'none') {
      return { available: false, reason: 'This engine has no WebAssembly SIMD.' };
    }
    register();
    return { available: true };
  },
  kernels: wasmKernels,
  describe: () => ({ instructionSet: detectInstructionSet() }),
};
