/** All four passes of a request on the same tensors, each against the oracle. */
import { type Pass, planHetConv } from '@hetconv/core';
import type { PassesCase } from '../cases/case.ts';
import { expectedOf } from '../oracle/expected.ts';
import { drawValues } from '../oracle/values.ts';
import type { CaseContext } from '../run/context.ts';
import { compare, compareShape } from './compare.ts';
import { computePass, putInputs } from './operator.ts';

export const PASSES: readonly Pass[] = ['forward', 'inputGradient', 'pointwiseGradient', 'spatialGradient'];

export async function checkPasses(test: PassesCase, context: CaseContext): Promise<number> {
  const plan = planHetConv(test.request);
  const values = drawValues(test, plan);
  const inputs = putInputs(context, values);
  for (const pass of PASSES) context.serving(pass, plan);
  const results = PASSES.map((pass) => computePass(context, pass, test.request, inputs));
  const data = await Promise.all(results.map((result) => result.data()));
  const ratios = PASSES.map((pass, i) => {
    const expected = expectedOf(pass, plan, values, undefined);
    compareShape(pass, results[i].shape, expected.shape);
    return compare(pass, data[i], expected, test.style !== 'normal');
  });
  return Math.max(...ratios);
}
