/**
 * The operator is bilinear, so each of its gradients is an adjoint: <dy, f(t)> = <f'(dy), t> for t = x, or for one weight tensor
 * while the other is zero. Checks gradients against the forward pass, without the oracle and without finite differences.
 */
import { planHetConv } from '@hetconv/core';
import type { AdjointCase } from '../cases/case.ts';
import { expectedOf } from '../oracle/expected.ts';
import { type CaseValues, drawValues, type HostTensor } from '../oracle/values.ts';
import type { CaseContext } from '../run/context.ts';
import { Mismatch } from './compare.ts';
import { computePass, putInputs } from './operator.ts';

const GRADIENT = { x: 'inputGradient', pointwise: 'pointwiseGradient', spatial: 'spatialGradient' } as const;

export async function checkAdjoint(test: AdjointCase, context: CaseContext): Promise<number> {
  const plan = planHetConv(test.request);
  const pass = GRADIENT[test.wrt];
  context.serving('forward', plan);
  context.serving(pass, plan);
  const values = withoutOther(drawValues(test, plan), test.wrt);
  const inputs = putInputs(context, values);
  const y = await computePass(context, 'forward', test.request, inputs).data();
  const gradient = await computePass(context, pass, test.request, inputs).data();

  const left = dot(values.dy.data, y);
  const right = dot(values[test.wrt].data, gradient);
  const difference = Math.abs(left - right);
  const allowed =
    test.style === 'normal'
      ? dot(values.dy.data.map(Math.abs), expectedOf('forward', plan, values, undefined).bounds) +
        dot(values[test.wrt].data.map(Math.abs), expectedOf(pass, plan, values, undefined).bounds)
      : 0;
  if (!(difference <= allowed)) {
    throw new Mismatch(
      `<dy, f(${test.wrt})> = ${left}, but <f'(dy), ${test.wrt}> = ${right}; ${allowed} is allowed between them.`,
    );
  }
  return 0;
}

function withoutOther(values: CaseValues, wrt: AdjointCase['wrt']): CaseValues {
  if (wrt === 'pointwise') return { ...values, spatial: zero(values.spatial) };
  if (wrt === 'spatial') return { ...values, pointwise: zero(values.pointwise) };
  return values;
}

function zero({ shape, data }: HostTensor): HostTensor {
  return { shape, data: new Float32Array(data.length) };
}

function dot(a: ArrayLike<number>, b: ArrayLike<number>): number {
  let sum = 0;
  for (let i = 0; i < a.length; i++) sum += a[i] * b[i];
  return sum;
}
