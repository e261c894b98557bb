/** One pass against the oracle. */
import { planHetConv } from '@hetconv/core';
import type { PassCase } from '../cases/case.ts';
import { expectedOf } from '../oracle/expected.ts';
import { drawValues } from '../oracle/values.ts';
import type { CaseContext } from '../run/context.ts';
import { compare, compareShape, Mismatch, unflushed } from './compare.ts';
import { computePass, kernelPass, putInputs } from './operator.ts';

export async function checkPass(test: PassCase, context: CaseContext): Promise<number> {
  const plan = planHetConv(test.request);
  const pass = kernelPass(test.pass);
  const served = pass === undefined ? undefined : context.serving(pass, plan);
  if (test.variant !== undefined && served !== test.variant) {
    throw new Mismatch(`The plan is served by ${served}, not by ${test.variant}.`);
  }
  const values = drawValues(test, plan);
  const expected = expectedOf(test.pass, plan, values, test.fused);
  const result = computePass(context, test.pass, test.request, putInputs(context, values), test.fused);
  compareShape(test.pass, result.shape, expected.shape);
  const data = await result.data();
  const mayFlush = test.special?.value === 'subnormal' && context.device?.flushesSubnormals;
  return compare(test.pass, mayFlush ? unflushed(data, expected) : data, expected, test.style !== 'normal');
}
