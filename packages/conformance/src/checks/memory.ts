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

/** Calls after which pools and caches must have found their size. */
const SETTLED = 8;

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
  const heldBytes = context.resource('heldBytes');
  let counted = '';
  let pooled: Record<string, number> = {};
  for (let call = 1; call <= test.repeats; call++) {
    const { values, expected } = sets[call % sets.length];
    const inputs = putInputs(context, values);
    for (const [index, pass] of test.passes.entries()) {
      const result = computePass(context, pass, test.request, inputs);
      compare(`${pass}, call ${call}`, await result.data(), expected[index], true);
    }
    context.dispose();
    const now = footprint();
    if (call > 1 && now !== counted) throw new Mismatch(`Memory grew in call ${call}: ${counted} -> ${now}.`);
    counted = now;
    const bytes = { ...pooledBytes(), ...heldBytes?.() };
    if (call > SETTLED) requireNoGrowth(pooled, bytes, call);
    else pooled = bytes;
  }
  return 0;
}

/** What tfjs counts: equal after every call. */
function footprint(): string {
  const { numTensors, numDataBuffers, numBytes } = memory();
  return `${numTensors} tensors, ${numDataBuffers} buffers, ${numBytes} bytes, ${backend().numDataIds()} data ids`;
}

/** What a GPU backend has allocated, pools included. */
function pooledBytes(): Record<string, number> {
  const allocated = Object.entries(memory()).filter(([name]) => /^num.*GPU/.test(name) && !name.endsWith('Free'));
  return Object.fromEntries(allocated.filter((entry): entry is [string, number] => typeof entry[1] === 'number'));
}

function requireNoGrowth(
  before: Readonly<Record<string, number>>,
  now: Readonly<Record<string, number>>,
  call: number,
): void {
  const grown = Object.keys(now).find((name) => now[name] > (before[name] ?? 0));
  if (grown === undefined) return;
  throw new Mismatch(
    `${grown} grew by call ${call}: ${before[grown]} bytes after ${SETTLED} calls, ${now[grown]} now.`,
  );
}
