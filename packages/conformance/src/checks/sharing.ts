/**
 * Weight tensors in more than one company, first, second, first again: what a backend keeps of weights (packed, uploaded, planned) must
 * not be found again for another partner or another geometry.
 */
import { planHetConv } from '@hetconv/core';
import type { SharingCase } from '../cases/case.ts';
import { expectedOf } from '../oracle/expected.ts';
import { drawValues } from '../oracle/values.ts';
import type { CaseContext } from '../run/context.ts';
import { compare } from './compare.ts';
import { computePass, type OperatorInputs, putInputs } from './operator.ts';

export async function checkSharing(test: SharingCase, context: CaseContext): Promise<number> {
  const [request, other] = [test.request, test.other ?? test.request];
  const values = drawValues({ ...test, style: 'integer' }, planHetConv(request));
  const inputs = putInputs(context, values);
  const otherValues = { ...drawValues({ ...test, id: `${test.id}/second`, style: 'integer' }, planHetConv(other)) };
  for (const name of test.shared) otherValues[name] = values[name];
  const own = putInputs(context, otherValues);
  const otherInputs: OperatorInputs = {
    x: own.x,
    dy: own.dy,
    bias: own.bias,
    slopes: own.slopes,
    pointwise: test.shared.includes('pointwise') ? inputs.pointwise : own.pointwise,
    spatial: test.shared.includes('spatial') ? inputs.spatial : own.spatial,
  };
  const turns = [
    { name: 'first', request, values, inputs },
    { name: 'second', request: other, values: otherValues, inputs: otherInputs },
    { name: 'first again', request, values, inputs },
  ];
  for (const turn of turns) {
    const plan = planHetConv(turn.request);
    context.serving(test.pass, plan);
    const result = await computePass(context, test.pass, turn.request, turn.inputs).data();
    compare(`${test.pass}, ${turn.name}`, result, expectedOf(test.pass, plan, turn.values, undefined), true);
  }
  return 0;
}
