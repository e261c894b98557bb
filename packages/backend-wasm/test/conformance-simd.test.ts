import '@tensorflow/tfjs-layers'; // registers tfjs's own gradients, which identities are checked against
import { describeConformance } from '@hetconv/conformance';
import { registerHetConvKernels } from '@hetconv/core';
import { describe, it } from 'vitest';
import { backend, createWasmKernels } from '../src/index.ts';

// The instruction set of engines without relaxed SIMD, whatever this one has.
const kernels = createWasmKernels('simd');
const plain = {
  ...backend,
  async prepare() {
    await import('@tensorflow/tfjs-backend-wasm');
    registerHetConvKernels('wasm', kernels);
    return { available: true } as const;
  },
  kernels: () => kernels,
  describe: () => ({ instructionSet: 'simd' }),
};

describeConformance({ describe, it }, { providers: [plain] });
