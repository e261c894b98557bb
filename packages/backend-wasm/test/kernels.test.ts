import * as tf from '@tensorflow/tfjs-core';
import {
  errorBound,
  type HetConvKernels,
  type Reference,
  referenceForward,
  referenceInputGradient,
  referencePointwiseGradient,
  referenceSpatialGradient,
} from '@hetconv/core';
import type { BackendWasm } from '@tensorflow/tfjs-backend-wasm';
import { beforeAll, describe, expect, it } from 'vitest';
import { supports } from '../src/host/instruction-set.ts';
import { backend, createWasmKernels, type InstructionSet } from '../src/index.ts';
import { operandsOf, REQUESTS, tensorsOf, type Operands } from './cases.ts';

beforeAll(async () => {
  expect(await backend.prepare()).toEqual({ available: true });
  await tf.setBackend('wasm');
});

const SETS: readonly InstructionSet[] = ['simd', 'relaxedsimd'];

describe.each(SETS)('%s kernels against the float64 reference', (instructionSet) => {
  describe.each(REQUESTS)('%j', (request) => {
    it('is exact for small integers', (ctx) => {
      ctx.skip(!supports(instructionSet), `this engine has no ${instructionSet}`);
      const operands = operandsOf(request, 'integers');
      const results = runAll(createWasmKernels(instructionSet), operands);
      for (const [pass, { values }] of Object.entries(references(operands))) {
        expect({ pass, values: plain(results[pass]) }).toEqual({ pass, values: plain(values) });
      }
    });

    it('stays within the error bound of any order of summation', (ctx) => {
      ctx.skip(!supports(instructionSet), `this engine has no ${instructionSet}`);
      const operands = operandsOf(request, 'reals');
      const results = runAll(createWasmKernels(instructionSet), operands);
      for (const [pass, reference] of Object.entries(references(operands))) {
        const outside = Array.from(results[pass]).findIndex(
          (value, i) =>
            !(Math.abs(value - reference.values[i]) <= errorBound(reference.terms[i], reference.magnitudes[i])),
        );
        expect({ pass, outside }).toEqual({ pass, outside: -1 });
      }
    });
  });
});

type Results = Record<string, Float32Array>;

/** All four passes; asserts that no tensor leaks. */
function runAll(kernels: HetConvKernels<BackendWasm>, operands: Operands): Results {
  const wasm = tf.backend() as BackendWasm;
  const before = wasm.numDataIds();
  const results = tf.tidy(() => {
    const { plan } = operands;
    const { x, pointwise, spatial, dy } = tensorsOf(operands);
    const call = { backend: wasm, plan, x, pointwise, spatial, dy };
    const outputs = {
      forward: kernels.forward({ ...call, activation: 'linear', leakyreluAlpha: 0 }),
      inputGradient: kernels.inputGradient(call),
      pointwiseGradient: kernels.pointwiseGradient(call),
      spatialGradient: kernels.spatialGradient(call),
    };
    return Object.fromEntries(
      Object.entries(outputs).map(([pass, { dataId }]) => {
        const values = wasm.readSync(dataId) as Float32Array;
        wasm.disposeData(dataId);
        return [pass, values];
      }),
    );
  });
  expect(wasm.numDataIds()).toBe(before);
  return results;
}

function references({ plan, x, pointwise, spatial, dy }: Operands): Record<string, Reference> {
  return {
    forward: referenceForward(plan, x, pointwise, spatial),
    inputGradient: referenceInputGradient(plan, dy, pointwise, spatial),
    pointwiseGradient: referencePointwiseGradient(plan, x, dy),
    spatialGradient: referenceSpatialGradient(plan, x, dy),
  };
}

/** Numbers without the sign of zero. */
function plain(values: ArrayLike<number>): number[] {
  return Array.from(values, (value) => value + 0);
}
