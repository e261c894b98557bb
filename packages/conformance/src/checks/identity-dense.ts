/** Identities with native convolutions: the masked dense filter (P = 1, any P, K = 1), and 1x1 + depthwise ring (P = M = N). */
import { add, conv2d, depthwiseConv2d, type Rank, type Tensor, tidy } from '@tensorflow/tfjs-core';
import { denseShape, fromDense, type HetConvPlan, planHetConv, ringTaps, toDense } from '@hetconv/core';
import type { IdentityCase } from '../cases/case.ts';
import { type Expected, expectedOf, fromExact } from '../oracle/expected.ts';
import { maskedDense, takeWeights } from '../oracle/masked-dense.ts';
import { drawValues } from '../oracle/values.ts';
import type { CaseContext } from '../run/context.ts';
import { compare, compareShape } from './compare.ts';
import { computePass, putInputs } from './operator.ts';
import { stockDilations, stockPadding, stockStrides } from './stock.ts';

export async function checkMaskedDense(test: IdentityCase, context: CaseContext): Promise<number> {
  const plan = planHetConv(test.request);
  const values = drawValues(test, plan);
  const filter = maskedDense(plan, values.pointwise.data, values.spatial.data);
  const dense = context.put<Rank.R4>({ shape: denseShape(plan), data: filter });
  return besideStock(test, context, 'tf.conv2d with the masked dense filter', ({ x }) =>
    conv2d(x, dense, stockStrides(plan), stockPadding(plan), 'NHWC', stockDilations(plan)),
  );
}

export async function checkDepthwiseRing(test: IdentityCase, context: CaseContext): Promise<number> {
  const plan = planHetConv(test.request);
  const { kernelHeight, kernelWidth, inChannels } = plan;
  const values = drawValues(test, plan);
  const ring = new Float32Array(kernelHeight * kernelWidth * inChannels);
  for (const [t, { row, col }] of ringTaps(plan).entries()) {
    for (let n = 0; n < inChannels; n++) {
      ring[(row * kernelWidth + col) * inChannels + n] = values.spatial.data[t * inChannels + n];
    }
  }
  const filter = context.put<Rank.R4>({ shape: [kernelHeight, kernelWidth, inChannels, 1], data: ring });
  return besideStock(test, context, '1x1 tf.conv2d + tf.depthwiseConv2d of the ring', ({ x, pointwise }) =>
    tidy(() => add(conv2d(x, pointwise, 1, 'same'), depthwiseConv2d(x, filter, 1, 'same'))),
  );
}

/** The core's own conversions, on this backend: `toDense` against the definition, and back without loss. */
export async function checkDenseWeights(test: IdentityCase, context: CaseContext): Promise<number> {
  const plan = planHetConv(test.request);
  const { pointwise, spatial } = drawValues(test, plan);
  const { part } = plan;
  const wanted = maskedDense(plan, pointwise.data, spatial.data);
  const dense = context.own(
    toDense(context.put(pointwise), context.put(spatial), { part, kernelSize: [plan.kernelHeight, plan.kernelWidth] }),
  );
  const back = fromDense(dense, { part });
  context.own(back.pointwise);
  context.own(back.spatial);
  const results: readonly (readonly [string, Tensor, Expected])[] = [
    ['toDense', dense, fromExact(denseShape(plan), wanted)],
    ['fromDense, pointwise', back.pointwise, fromExact(pointwise.shape, pointwise.data)],
    ['fromDense, spatial', back.spatial, fromExact(spatial.shape, takeWeights(plan, wanted, 'spatial'))],
  ];
  for (const [what, result, expected] of results) {
    compareShape(what, result.shape, expected.shape);
    compare(what, await result.data(), expected, true);
  }
  return 0;
}

/** HetConv and a composition of stock ops, each against the oracle. */
async function besideStock(
  test: IdentityCase,
  context: CaseContext,
  name: string,
  stock: (inputs: ReturnType<typeof putInputs>) => Tensor,
): Promise<number> {
  const plan: HetConvPlan = planHetConv(test.request);
  context.serving('forward', plan);
  const values = drawValues(test, plan);
  const inputs = putInputs(context, values);
  const expected = expectedOf('forward', plan, values, undefined);
  const exact = test.style !== 'normal';
  const y = computePass(context, 'forward', test.request, inputs);
  compareShape('hetConv2d', y.shape, expected.shape);
  const ratio = compare('hetConv2d', await y.data(), expected, exact);
  const other = context.own(stock(inputs));
  compareShape(name, other.shape, expected.shape);
  compare(name, await other.data(), expected, exact);
  return ratio;
}
