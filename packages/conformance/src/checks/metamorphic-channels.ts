/**
 * Rotated channels. Filter n sees channel m through its whole kernel where m = n (mod P): rotating the filters by a multiple of P, or the
 * channels of both sides by the same number, keeps who sees whom - if P divides the channels that are rotated, so that the end joins the start.
 */
import { type HetConvPlan, planHetConv } from '@hetconv/core';
import { maskedDense, takeWeights } from '../oracle/masked-dense.ts';
import type { CaseValues, HostTensor } from '../oracle/values.ts';
import { requireSame, type Trial } from './metamorphic-trial.ts';

/** By how many places the channels of x, and those of y, move. */
interface Rotation {
  readonly inputs: number;
  readonly outputs: number;
}

/** A pass of rotated tensors is the rotated result of the pass. */
export async function checkRotation({ test, values, compute }: Trial, rotation: Rotation): Promise<void> {
  const plan = planHetConv(test.request);
  const { inChannels: M, outChannels: N } = plan;
  const rotated: CaseValues = {
    ...values,
    x: rotateImages(values.x, rotation.inputs),
    dy: rotateImages(values.dy, rotation.outputs),
    ...rotateWeights(plan, values.pointwise.data, values.spatial.data, rotation),
  };
  const before = await compute(values);
  const after = await compute(rotated);
  const expected = {
    forward: () => rotateEach(before, N, rotation.outputs),
    inputGradient: () => rotateEach(before, M, rotation.inputs),
    pointwiseGradient: () =>
      rotateWeights(plan, before, new Float32Array(values.spatial.data.length), rotation).pointwise.data,
    spatialGradient: () =>
      rotateWeights(plan, new Float32Array(values.pointwise.data.length), before, rotation).spatial.data,
  }[test.pass]();
  requireSame(`${test.pass} with channels rotated by ${rotation.inputs} and ${rotation.outputs}`, after, expected);
}

function rotateImages({ shape, data }: HostTensor, places: number): HostTensor {
  return { shape, data: rotateEach(data, shape[3], places) };
}

/** Each row of `length` values, rotated: what was at c + places stands at c. */
function rotateEach(values: Float32Array, length: number, places: number): Float32Array {
  return values.map((_, i) => values[i - (i % length) + (((i % length) + places) % length)]);
}

/** Through the dense filter, which knows nothing of residues. */
function rotateWeights(
  plan: HetConvPlan,
  pointwise: Float32Array,
  spatial: Float32Array,
  { inputs, outputs }: Rotation,
): Pick<CaseValues, 'pointwise' | 'spatial'> {
  const { inChannels: M, outChannels: N, ringTaps, depth } = plan;
  const dense = maskedDense(plan, pointwise, spatial);
  const moved = dense.map((_, i) => {
    const [tap, m, n] = [Math.floor(i / (M * N)), Math.floor(i / N) % M, i % N];
    return dense[(tap * M + ((m + inputs) % M)) * N + ((n + outputs) % N)];
  });
  return {
    pointwise: { shape: [1, 1, M, N], data: takeWeights(plan, moved, 'pointwise') },
    spatial: { shape: [ringTaps, depth, N], data: takeWeights(plan, moved, 'spatial') },
  };
}
