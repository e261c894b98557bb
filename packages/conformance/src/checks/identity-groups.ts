/**
 * Identities about channel order. A HetConv keeps residues together, a grouped convolution (PyTorch's `groups`, DualConv)
 * contiguous blocks; the two are one function up to permutations of x's and y's channels.
 *
 * Here c is a cyclic channel, `block(c)` the same channel in block order: residue c mod P is group c mod P.
 */
import { add, concat, conv2d, gather, slice, type Rank, type Tensor, type Tensor4D, tidy } from '@tensorflow/tfjs-core';
import {
  blockToCyclicOrder,
  cyclicToBlockOrder,
  denseShape,
  fromGroupedPlusPointwise,
  hetConv2d,
  type HetConvPlan,
  planHetConv,
  pointwiseShape,
} from '@hetconv/core';
import type { IdentityCase } from '../cases/case.ts';
import { type Expected, expectedOf } from '../oracle/expected.ts';
import { maskedDense } from '../oracle/masked-dense.ts';
import { drawValues, type HostTensor, redraw } from '../oracle/values.ts';
import type { CaseContext } from '../run/context.ts';
import { compare, compareShape } from './compare.ts';
import { operatorOptions } from './operator.ts';
import { stockDilations, stockPadding, stockStrides } from './stock.ts';

/** `tf.conv2d` on x in block order with the filter in block order, against gather -> HetConv -> gather. */
export async function checkBlockOrder(test: IdentityCase, context: CaseContext): Promise<number> {
  const plan = planHetConv(test.request);
  context.serving('forward', plan);
  const values = drawValues(test, plan);
  const expected = toBlockOrder(expectedOf('forward', plan, values, undefined), plan);
  const exact = test.style !== 'normal';
  const dense: HostTensor = {
    shape: denseShape(plan),
    data: maskedDense(plan, values.pointwise.data, values.spatial.data),
  };
  const x = context.put<Rank.R4>(reorder(values.x, 3, plan));
  const filter = context.put<Rank.R4>(reorder(reorder(dense, 2, plan), 3, plan));
  const [pointwise, spatial] = [context.put<Rank.R4>(values.pointwise), context.put<Rank.R3>(values.spatial)] as const;

  const y = context.own(
    tidy(() => {
      const cyclic = gather(x, blockToCyclicOrder(plan.inChannels, plan.part), 3);
      const inner = hetConv2d<Tensor4D>(cyclic, pointwise, spatial, operatorOptions(test.request));
      return gather(inner, cyclicToBlockOrder(plan.outChannels, plan.part), 3);
    }),
  );
  compareShape('hetConv2d in block order', y.shape, expected.shape);
  const ratio = compare('hetConv2d in block order', await y.data(), expected, exact);
  const stock = context.own(conv2d(x, filter, stockStrides(plan), stockPadding(plan), 'NHWC', stockDilations(plan)));
  compare('tf.conv2d with block-diagonal filter', await stock.data(), expected, exact);
  return ratio;
}

/** grouped(x) + pointwise(x) by stock ops, against `fromGroupedPlusPointwise` and one HetConv. Integers: the fold is exact. */
export async function checkGroupedFold(test: IdentityCase, context: CaseContext): Promise<number> {
  const plan = planHetConv(test.request);
  context.serving('forward', plan);
  const values = drawValues(test, plan);
  const expected = toBlockOrder(expectedOf('forward', plan, values, undefined), plan);
  const { grouped, full } = split(plan, values.pointwise, values.spatial, `${test.seed}/${test.id}/own`);
  const x = context.put<Rank.R4>(reorder(values.x, 3, plan));
  const [groupedFilter, fullFilter] = [context.put<Rank.R4>(grouped), context.put<Rank.R4>(full)];

  const y = context.own(
    tidy(() => {
      const folded = fromGroupedPlusPointwise(groupedFilter, fullFilter, { groups: plan.part });
      const cyclic = gather(x, folded.inputOrder, 3);
      const inner = hetConv2d<Tensor4D>(cyclic, folded.pointwise, folded.spatial, operatorOptions(test.request));
      return gather(inner, folded.outputOrder, 3);
    }),
  );
  compareShape('the folded HetConv', y.shape, expected.shape);
  const ratio = compare('the folded HetConv', await y.data(), expected, true);
  const stock = context.own(groupedPlusPointwise(plan, x, groupedFilter, fullFilter));
  compare('grouped tf.conv2d + 1x1 tf.conv2d', await stock.data(), expected, true);
  return ratio;
}

/** Splits HetConv weights into a grouped filter, whose own anchors are drawn, and a full 1x1 that holds the rest. */
function split(
  plan: HetConvPlan,
  pointwise: HostTensor,
  spatial: HostTensor,
  seed: string,
): { readonly grouped: HostTensor; readonly full: HostTensor } {
  const { outChannels, part, kernelHeight, kernelWidth, depth } = plan;
  const own = redraw(
    { shape: [depth, outChannels], data: new Float32Array(depth * outChannels) },
    seed,
    'integer',
  ).data;
  const anchor = plan.anchorRow * kernelWidth + plan.anchorCol;
  const taps = kernelHeight * kernelWidth;
  const filter = new Float32Array(taps * depth * outChannels);
  for (let tap = 0; tap < taps; tap++) {
    const ring = tap < anchor ? tap : tap - 1;
    for (let i = 0; i < depth * outChannels; i++) {
      filter[tap * depth * outChannels + i] = tap === anchor ? own[i] : spatial.data[ring * depth * outChannels + i];
    }
  }
  const rest = pointwise.data.map((weight, i) => {
    const [m, n] = [Math.floor(i / outChannels), i % outChannels];
    return m % part === n % part ? weight - own[Math.floor(m / part) * outChannels + n] : weight;
  });
  const full: HostTensor = { shape: pointwiseShape(plan), data: rest };
  const grouped: HostTensor = { shape: [kernelHeight, kernelWidth, depth, outChannels], data: filter };
  return { grouped: reorder(grouped, 3, plan), full: reorder(reorder(full, 2, plan), 3, plan) };
}

function groupedPlusPointwise(plan: HetConvPlan, x: Tensor4D, grouped: Tensor4D, full: Tensor4D): Tensor {
  const [inGroup, outGroup] = [plan.inChannels / plan.part, plan.outChannels / plan.part];
  return tidy(() => {
    const groups = Array.from({ length: plan.part }, (_, g) =>
      conv2d(
        slice(x, [0, 0, 0, g * inGroup], [-1, -1, -1, inGroup]),
        slice(grouped, [0, 0, 0, g * outGroup], [-1, -1, -1, outGroup]),
        1,
        'same',
      ),
    );
    return add(concat(groups, 3), conv2d(x, full, 1, 'same'));
  });
}

/** Gathers one axis from cyclic into block order. */
function reorder(value: HostTensor, axis: 2 | 3, plan: HetConvPlan): HostTensor {
  const channels = value.shape[axis];
  const inner = axis === 2 ? value.shape[3] : 1;
  const data = value.data.map((_, i) => {
    const block = Math.floor(i / inner) % channels;
    return value.data[i + (cyclicOf(block, channels, plan.part) - block) * inner];
  });
  return { shape: value.shape, data };
}

function toBlockOrder(expected: Expected, plan: HetConvPlan): Expected {
  const from = (i: number): number => {
    const block = i % plan.outChannels;
    return i + cyclicOf(block, plan.outChannels, plan.part) - block;
  };
  const permute = (values: Float64Array): Float64Array => values.map((_, i) => values[from(i)]);
  return {
    shape: expected.shape,
    values: permute(expected.values),
    bounds: permute(expected.bounds),
    magnitudes: permute(expected.magnitudes),
    allowances: permute(expected.allowances),
  };
}

/** The cyclic channel that stands at a place of block order: member j of group g is j * P + g. */
function cyclicOf(block: number, channels: number, part: number): number {
  const groupSize = channels / part;
  return (block % groupSize) * part + Math.floor(block / groupSize);
}
