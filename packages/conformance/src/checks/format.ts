/** The same numbers by another way in: rank 3, channels first, nested arrays, tensors that were made on another backend. */
import { env, setBackend, type Rank, type Tensor, type Tensor3D, type Tensor4D } from '@tensorflow/tfjs-core';
import { type DataFormat, hetConv2d, planHetConv, type Padding } from '@hetconv/core';
import type { FormatCase } from '../cases/case.ts';
import { expectedOf } from '../oracle/expected.ts';
import { type CaseValues, drawValues, type HostTensor } from '../oracle/values.ts';
import { type CaseContext, Skipped } from '../run/context.ts';
import { compare, compareShape } from './compare.ts';
import { operatorOptions } from './operator.ts';

export async function checkFormat(test: FormatCase, context: CaseContext): Promise<number> {
  const plan = planHetConv(test.request);
  context.serving('forward', plan);
  const values = drawValues(test, plan);
  const expected = expectedOf('forward', plan, values, undefined);
  const y = context.own(await compute(test, values, context));

  const channelsFirst = test.form.endsWith('nchw');
  const rank3 = test.form.startsWith('rank3');
  const [batch, height, width, channels] = expected.shape;
  const image = channelsFirst ? [channels, height, width] : [height, width, channels];
  compareShape(test.form, y.shape, rank3 ? image : [batch, ...image]);
  const data = await y.data();
  const nhwc = channelsFirst ? toNhwc(data, expected.shape) : data;
  return compare(test.form, nhwc, expected, test.style !== 'normal');
}

async function compute(test: FormatCase, values: CaseValues, context: CaseContext): Promise<Tensor> {
  const options = operatorOptions(test.request);
  if (test.form === 'nested-arrays') {
    const [x, pointwise, spatial] = [values.x, values.pointwise, values.spatial].map(({ data, shape }) =>
      nest([...data], shape),
    );
    return hetConv2d<Tensor4D>(x as number[][][][], pointwise as number[][][][], spatial as number[][][], options);
  }
  if (test.form === 'foreign-tensors') return computeForeign(values, options, context);
  const channelsFirst = test.form.endsWith('nchw');
  const x = channelsFirst ? toNchw(values.x) : values.x;
  const shape = test.form.startsWith('rank3') ? x.shape.slice(1) : x.shape;
  return hetConv2d(
    context.put({ shape, data: x.data }) as Tensor3D | Tensor4D,
    context.put<Rank.R4>(values.pointwise),
    context.put<Rank.R3>(values.spatial),
    channelsFirst ? { ...options, dataFormat: 'NCHW' satisfies DataFormat, pad: toNchwPad(test.request.pad) } : options,
  );
}

async function computeForeign(
  values: CaseValues,
  options: ReturnType<typeof operatorOptions>,
  context: CaseContext,
): Promise<Tensor> {
  if (context.otherBackend === undefined) throw new Skipped('no second backend to make tensors on');
  await setBackend(context.otherBackend);
  const x = context.put<Rank.R4>(values.x);
  const pointwise = context.put<Rank.R4>(values.pointwise);
  const spatial = context.put<Rank.R3>(values.spatial);
  await setBackend(context.backend);
  // tfjs's count of data ids a kernel forgets what ops inside the kernel have moved; the count of the whole case remembers.
  const counting = env().getBool('IS_TEST');
  env().set('IS_TEST', false);
  try {
    return hetConv2d(x, pointwise, spatial, options);
  } finally {
    env().set('IS_TEST', counting);
  }
}

/** Explicit pads follow the order of the format's axes. */
function toNchwPad(pad: Padding): Padding {
  return typeof pad === 'object' ? [pad[0], pad[3], pad[1], pad[2]] : pad;
}

function toNchw({ shape: [batch, height, width, channels], data }: HostTensor): HostTensor {
  const shape = [batch, channels, height, width];
  return { shape, data: data.map((_, i) => data[swapped(i, [channels, height * width])]) };
}

function toNhwc(data: ArrayLike<number>, [, height, width, channels]: readonly number[]): number[] {
  return Array.from({ length: data.length }, (_, i) => data[swapped(i, [height * width, channels])]);
}

/** From an index into [batch, rows, cols] to the same element's index in [batch, cols, rows]. */
function swapped(index: number, [rows, cols]: readonly [number, number]): number {
  const image = Math.floor(index / (rows * cols));
  const [row, col] = [Math.floor(index / cols) % rows, index % cols];
  return image * rows * cols + col * rows + row;
}

function nest(data: readonly number[], shape: readonly number[]): unknown {
  if (shape.length <= 1) return data;
  const size = data.length / shape[0];
  return Array.from({ length: shape[0] }, (_, i) => nest(data.slice(i * size, (i + 1) * size), shape.slice(1)));
}
