/** What a pass must give: the oracle's values in float64 and, for each, the bound within which float32 must lie. */
import {
  errorBound,
  type HetConvPlan,
  referenceForward,
  referenceInputGradient,
  referencePointwiseGradient,
  referenceSpatialGradient,
  type Reference,
} from '@hetconv/core';
import type { CasePass, FusedSpec } from '../cases/case.ts';
import { activate } from './activations.ts';
import type { CaseValues } from './values.ts';

export interface Expected {
  readonly shape: readonly number[];
  readonly values: Float64Array;
  /** Largest |error| of a correct float32 result, element by element. */
  readonly bounds: Float64Array;
  /** What an error is measured in for the report: sum of |product| (times the activation's slope). */
  readonly magnitudes: Float64Array;
  /** The part of the bound that has nothing to do with the sum: that of the activation. */
  readonly allowances: Float64Array;
}

export function expectedOf(
  pass: CasePass,
  plan: HetConvPlan,
  values: CaseValues,
  fused: FusedSpec | undefined,
): Expected {
  const { x, dy, pointwise, spatial } = values;
  switch (pass) {
    case 'forward':
      return fromSums(dy.shape, referenceForward(plan, x.data, pointwise.data, spatial.data));
    case 'fused':
      return fusedForward(plan, values, fused ?? { bias: 'none', activation: 'linear' });
    case 'inputGradient':
      return fromSums(x.shape, referenceInputGradient(plan, dy.data, pointwise.data, spatial.data));
    case 'pointwiseGradient':
      return fromSums(pointwise.shape, referencePointwiseGradient(plan, x.data, dy.data));
    case 'spatialGradient':
      return fromSums(spatial.shape, referenceSpatialGradient(plan, x.data, dy.data));
    default:
      return fromSums([plan.outChannels], channelSums(dy.data, plan.outChannels));
  }
}

/** Sums, as they are. */
export function fromSums(shape: readonly number[], sums: Reference): Expected {
  const { values, magnitudes, terms } = sums;
  const bounds = magnitudes.map((magnitude, i) => errorBound(terms[i], magnitude));
  return { shape, values, bounds, magnitudes, allowances: new Float64Array(values.length) };
}

/** Numbers that must come back as they are. */
export function fromExact(shape: readonly number[], values: ArrayLike<number>): Expected {
  const zeros = new Float64Array(values.length);
  return { shape, values: Float64Array.from(values), bounds: zeros, magnitudes: zeros, allowances: zeros };
}

function fusedForward(plan: HetConvPlan, values: CaseValues, fused: FusedSpec): Expected {
  const { x, pointwise, spatial, dy } = values;
  const sums = referenceForward(plan, x.data, pointwise.data, spatial.data);
  const size = sums.values.length;
  const out: Expected = {
    shape: dy.shape,
    values: new Float64Array(size),
    bounds: new Float64Array(size),
    magnitudes: new Float64Array(size),
    allowances: new Float64Array(size),
  };
  const bias = fused.bias === 'none' ? new Float32Array([0]) : values.bias.data;
  const slopes = fused.activation === 'prelu' ? values.slopes.data : [fused.leakyreluAlpha ?? 0.2];
  for (let i = 0; i < size; i++) {
    // Bias and slopes broadcast over the last axes: their index is i modulo their size.
    const b = bias[i % bias.length];
    // After an infinite sum, what is finite (relu6 of infinity) is exact.
    const infinite = !Number.isFinite(sums.values[i] + b);
    // Kernels add the bias last or start from it: one more term, in any order.
    const terms = sums.terms[i] + (fused.bias === 'none' ? 0 : 1);
    const bound = infinite ? 0 : errorBound(terms, sums.magnitudes[i] + Math.abs(b));
    const { value, slope, allowance } = activate(
      fused.activation,
      sums.values[i] + b,
      bound,
      slopes[i % slopes.length],
    );
    out.values[i] = value;
    out.bounds[i] = slope * bound + allowance;
    out.magnitudes[i] = slope * (sums.magnitudes[i] + Math.abs(b));
    out.allowances[i] = allowance;
  }
  return out;
}

function channelSums(dy: Float32Array, channels: number): Reference {
  const sums: Reference = {
    values: new Float64Array(channels),
    magnitudes: new Float64Array(channels),
    terms: new Uint32Array(channels),
  };
  dy.forEach((value, i) => {
    sums.values[i % channels] += value;
    sums.magnitudes[i % channels] += Math.abs(value);
    sums.terms[i % channels]++;
  });
  return sums;
}
