/**
 * The input gradient at stride 1 is a HetConv with M and N exchanged and the taps flipped. Odd kernels only, for those of
 * even size have their anchor elsewhere after the flip; and P <= N, for N becomes the number of input channels.
 */
import {
  hetConv2d,
  type HetConvPlan,
  planHetConv,
  type PlanRequest,
  pointwiseShape,
  spatialShape,
} from '@hetconv/core';
import type { IdentityCase } from '../cases/case.ts';
import { expectedOf } from '../oracle/expected.ts';
import { maskedDense, takeWeights } from '../oracle/masked-dense.ts';
import { type CaseValues, drawValues } from '../oracle/values.ts';
import type { CaseContext } from '../run/context.ts';
import { compare, compareShape } from './compare.ts';
import { computePass, operatorOptions, putInputs } from './operator.ts';

export async function checkGradientIsHetConv(test: IdentityCase, context: CaseContext): Promise<number> {
  const plan = planHetConv(test.request);
  const mirrored = mirror(test.request, plan);
  const mirroredPlan = planHetConv(mirrored);
  context.serving('inputGradient', plan);
  context.serving('forward', mirroredPlan);
  const values = drawValues(test, plan);
  const inputs = putInputs(context, values);
  const expected = expectedOf('inputGradient', plan, values, undefined);
  const exact = test.style !== 'normal';
  const gradient = computePass(context, 'inputGradient', test.request, inputs);
  const ratio = compare('input gradient', await gradient.data(), expected, exact);

  const dense = flip(plan, values);
  const weights = (part: 'pointwise' | 'spatial'): Float32Array => takeWeights(mirroredPlan, dense, part);
  const pointwise = context.put({ shape: pointwiseShape(mirroredPlan), data: weights('pointwise') });
  const spatial = context.put({ shape: spatialShape(mirroredPlan), data: weights('spatial') });
  const other = context.own(
    hetConv2d(
      inputs.dy,
      pointwise as typeof inputs.pointwise,
      spatial as typeof inputs.spatial,
      operatorOptions(mirrored),
    ),
  );
  compareShape('the mirrored HetConv', other.shape, expected.shape);
  compare('the mirrored HetConv', await other.data(), expected, exact);
  return ratio;
}

/** The request that reads dy and writes dx: pads complete the window on every side. */
function mirror(request: PlanRequest, plan: HetConvPlan): PlanRequest {
  return {
    inputShape: [plan.batch, plan.outHeight, plan.outWidth, plan.outChannels],
    outChannels: plan.inChannels,
    part: plan.part,
    kernelSize: request.kernelSize,
    dilations: request.dilations ?? 1,
    pad: [
      [0, 0],
      completed(plan.inHeight, plan.outHeight, (plan.kernelHeight - 1) * plan.dilationHeight, plan.padTop),
      completed(plan.inWidth, plan.outWidth, (plan.kernelWidth - 1) * plan.dilationWidth, plan.padLeft),
      [0, 0],
    ],
  };
}

/** Pads with which a window of `extent` + 1 positions brings `outSize` back to `inSize`. */
function completed(inSize: number, outSize: number, extent: number, before: number): [number, number] {
  return [extent - before, inSize - outSize + before];
}

/** D[u, v, n, m] = W[kh - 1 - u, kw - 1 - v, m, n] */
function flip(plan: HetConvPlan, values: CaseValues): Float32Array {
  const { inChannels, outChannels, kernelHeight, kernelWidth } = plan;
  const dense = maskedDense(plan, values.pointwise.data, values.spatial.data);
  const flipped = new Float32Array(dense.length);
  for (let tap = 0; tap < kernelHeight * kernelWidth; tap++) {
    const opposite = kernelHeight * kernelWidth - 1 - tap;
    for (let m = 0; m < inChannels; m++) {
      for (let n = 0; n < outChannels; n++) {
        flipped[(tap * outChannels + n) * inChannels + m] = dense[(opposite * inChannels + m) * outChannels + n];
      }
    }
  }
  return flipped;
}
