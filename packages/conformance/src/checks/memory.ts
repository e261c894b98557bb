/**
 * Many calls of the same plan with two sets of numbers in turn, freshly uploaded each time: nothing may grow, and no
 * result may be that of an earlier call (caches keyed by shape, by address or by a recycled data id).
 */
import { memory, backend } from '@tensorflow/tfjs-core';
import { planHetConv } from '@hetconv/core';
import type { MemoryCase } from '../cases/case.ts';
import { expectedOf } from '../oracle/expected.ts';
import { drawValues } from '../oracle/values.ts';
import type { CaseContext } from '../run/context.ts';
import { compare, Mismatch } from './compare.ts';
import { computePass, kernelPass, putInputs } from './operator.ts';

export async function checkMemory(test: MemoryCase, context: CaseContext): Promise<number> {
  const plan = planHetConv(test.request);
  const sets = ['even', 'odd'].map((turn) => {
    const values = drawValues({ ...test, id: `${test.id}/${turn}`, style: 'integer' }, plan);
    return { values, expected: test.passes.map((pass) => expectedOf(pass, plan, values, undefined)) };
  });
  for (const pass of test.passes) {
    const served = kernelPass(pass);
    if (served !== undefined) context.serving(served, plan);
  }
  let before = '';
  for (let repeat = 0; repeat < test.repeats; repeat++) {
    const { values, expected } = sets[repeat % sets.length];
    const inputs = putInputs(context, values);
    for (const [index, pass] of test.passes.entries()) {
      const result = computePass(context, pass, test.request, inputs);
      compare(`${pass}, call ${repeat + 1}`, await result.data(), expected[index], true);
    }
    context.dispose();
    const now = footprint();
    if (repeat > 0 && now !== before) throw new Mismatch(`Memory grew in call ${repeat + 1}: ${before} -> ${now}.`);
    before = now;
  }
  return 0;
}

function footprint(): string {
  const { numTensors, numDataBuffers, numBytes } = memory();
  return `${numTensors} tensors, ${numDataBuffers} buffers, ${numBytes} bytes, ${backend().numDataIds()} data ids`;
}
