import * as tf from '@tensorflow/tfjs-core';
import { hetConvKernelsOf } from '@hetconv/core';
import { describe, expect, it } from 'vitest';
import { backend, detectInstructionSet, register, wasmKernels } from '../src/index.ts';

describe('the provider', () => {
  it('prepares once and again, and leaves the current backend', async () => {
    await import('@tensorflow/tfjs-backend-cpu');
    await tf.setBackend('cpu');
    expect(await backend.prepare()).toEqual({ available: true });
    expect(await backend.prepare()).toEqual({ available: true });
    register();
    expect(tf.getBackend()).toBe('cpu');
    expect(hetConvKernelsOf('wasm')).toBe(wasmKernels());
    expect(backend.kernels()).toBe(wasmKernels());
    expect(backend.describe?.()).toEqual({ instructionSet: detectInstructionSet(), threads: 1 });
  });

  it('lists variants with unique names that say pass and instruction set', () => {
    const { variants } = wasmKernels();
    const names = variants.map(({ name }) => name);
    expect(new Set(names).size).toBe(names.length);
    for (const { name, pass } of variants) {
      expect(name.startsWith(`${pass}-`) && name.endsWith(`-${detectInstructionSet()}`)).toBe(true);
    }
  });

  it('says why where tfjs cannot start', async () => {
    const factory = tf.findBackendFactory('wasm');
    tf.removeBackend('wasm');
    tf.registerBackend('wasm', () => Promise.reject(new Error('no .wasm file')), 2);
    const availability = await backend.prepare();
    expect(availability).toMatchObject({ available: false });
    expect(tf.getBackend()).toBe('cpu');
    tf.removeBackend('wasm');
    tf.registerBackend('wasm', factory, 2);
  });
});
