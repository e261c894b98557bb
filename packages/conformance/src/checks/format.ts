/** The same numbers by another way in: rank 3, channels first, nested arrays, tensors that have been on another backend. */
import { getGradient, grad, type Rank, type Tensor, type Tensor3D, type Tensor4D } from '@tensorflow/tfjs-core';
import { hetConv2d, type HetConvOptions, type Images, planHetConv } from '@hetconv/core';
import type { FormatCase } from '../cases/case.ts';
import { expectedOf } from '../oracle/expected.ts';
import { type CaseValues, drawValues } from '../oracle/values.ts';
import { type CaseContext, Skipped } from '../run/context.ts';
import { compare, compareShape } from './compare.ts';
import { type Layout, padOf, toCaller, toNhwc } from './layout.ts';
import { operatorOptions } from './operator.ts';
import { computeForeign, computeTravelling } from './placement.ts';

export async function checkFormat(test: FormatCase, context: CaseContext): Promise<number> {
  const plan = planHetConv(test.request);
  context.serving(test.pass, plan);
  const values = drawValues(test, plan);
  const expected = expectedOf(test.pass, plan, values, undefined);
  const layout = layoutOf(test);
  const result = context.own(await compute(test, layout, values, context));
  const { shape } = toCaller({ shape: expected.shape, data: new Float32Array() }, layout);
  compareShape(test.form, result.shape, shape);
  const data = toNhwc(await result.data(), expected.shape, layout);
  return compare(test.form, data, expected, test.style !== 'normal');
}

function layoutOf({ form }: FormatCase): Layout {
  return { channelsFirst: form.endsWith('nchw'), rank3: form.startsWith('rank3') };
}

function compute(test: FormatCase, layout: Layout, values: CaseValues, context: CaseContext): Promise<Tensor> | Tensor {
  const options = operatorOptions(test.request);
  switch (test.form) {
    case 'nested-arrays':
      return computeNested(values, options);
    case 'foreign-tensors':
      return computeForeign(values, options, context);
    case 'travelling-tensors':
      return computeTravelling(values, options, context);
    default:
      return computeInLayout(test, layout, values, options, context);
  }
}

function computeInLayout(
  { pass, request }: FormatCase,
  layout: Layout,
  values: CaseValues,
  options: HetConvOptions,
  context: CaseContext,
): Tensor {
  const x = context.put(toCaller(values.x, layout)) as Images;
  const pointwise = context.put<Rank.R4>(values.pointwise);
  const spatial = context.put<Rank.R3>(values.spatial);
  const dataFormat = layout.channelsFirst ? 'NCHW' : 'NHWC';
  const inLayout = { ...options, dataFormat, pad: padOf(request.pad, layout) } as const;
  const f = (images: Tensor): Tensor => hetConv2d(images as Tensor3D | Tensor4D, pointwise, spatial, inLayout);
  if (pass === 'forward') return f(x);
  requireGradients(layout);
  const dy = context.put(toCaller(values.dy, layout));
  return grad(f)(x, dy);
}

/** The ways in and out of the kernel's layout are stock tfjs ops. */
function requireGradients({ channelsFirst, rank3 }: Layout): void {
  const needed = [...(channelsFirst ? ['Transpose'] : []), ...(rank3 ? ['Reshape'] : [])];
  const missing = needed.find((kernel) => getGradient(kernel) === undefined);
  if (missing === undefined) return;
  throw new Skipped(`tfjs's gradient of ${missing} is not registered: import '@tensorflow/tfjs' or tfjs-layers first`);
}

function computeNested(values: CaseValues, options: HetConvOptions): Tensor {
  const [x, pointwise, spatial] = [values.x, values.pointwise, values.spatial].map(({ data, shape }) =>
    nest([...data], shape),
  );
  return hetConv2d<Tensor4D>(x as number[][][][], pointwise as number[][][][], spatial as number[][][], options);
}

function nest(data: readonly number[], shape: readonly number[]): unknown {
  if (shape.length <= 1) return data;
  const size = data.length / shape[0];
  return Array.from({ length: shape[0] }, (_, i) => nest(data.slice(i * size, (i + 1) * size), shape.slice(1)));
}
