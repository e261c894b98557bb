/**
 * NaN, infinities, -0 and subnormals where they hurt: in the middle, at the edge and in the corner of an image, in weights whose taps lie
 * over padding, and in entries of `spatial` that are no weights. What the definition multiplies must spread; padding, and weights
 * that do not exist, must contribute nothing.
 */
import type { PlanRequest } from '@hetconv/core';
import type { CasePass, FusedSpec, PassCase, SpecialValue } from '../case.ts';
import { passCase } from '../make.ts';

const VALUES: readonly SpecialValue['value'][] = ['NaN', 'Infinity', '-Infinity', '-0'];

const PADDED: PlanRequest = { inputShape: [1, 5, 4, 5], outChannels: 4, part: 2, kernelSize: 3, pad: 'same' };
const STRIDED: PlanRequest = {
  inputShape: [1, 6, 5, 8],
  outChannels: 8,
  part: 4,
  kernelSize: 3,
  strides: 2,
  pad: 'same',
};
const PIXEL: PlanRequest = { inputShape: [1, 1, 1, 6], outChannels: 5, part: 2, kernelSize: 3, pad: 'same' };
const STANDARD: PlanRequest = { inputShape: [1, 5, 4, 4], outChannels: 4, part: 1, kernelSize: 3, pad: 'same' };

/** Which planted tensors a pass reads. */
const READ_BY: readonly (readonly [pass: CasePass, tensors: readonly SpecialValue['tensor'][]])[] = [
  ['forward', ['x', 'pointwise', 'spatial']],
  ['inputGradient', ['dy', 'pointwise', 'spatial']],
  ['pointwiseGradient', ['x', 'dy']],
  ['spatialGradient', ['x', 'dy']],
  ['biasGradient', ['dy']],
];

const PLACES: Readonly<Record<SpecialValue['tensor'], readonly SpecialValue['at'][]>> = {
  x: ['interior', 'edge', 'corner'],
  dy: ['interior', 'edge', 'corner', 'last'],
  pointwise: ['first', 'last'],
  spatial: ['first', 'last', 'unused'],
  bias: ['first'],
};

export function specialCases(seed: number): PassCase[] {
  const cases: PassCase[] = [];
  const add = (pass: CasePass, request: PlanRequest, special: SpecialValue, fused?: FusedSpec): void => {
    const style = special.value === 'subnormal' ? 'integer' : 'normal';
    const parts = { family: 'special', seed, pass, request, style, special } as const;
    cases.push(passCase(fused === undefined ? parts : { ...parts, fused }));
  };
  for (const [pass, tensors] of READ_BY) {
    for (const tensor of tensors) {
      for (const at of PLACES[tensor]) {
        for (const value of VALUES) {
          // The places take turns with the requests; both requests meet every value.
          const requests =
            at === 'unused' ? [PADDED] : at === 'interior' ? [PADDED, STRIDED, STANDARD] : [PADDED, STRIDED];
          for (const request of requests) add(pass, request, { tensor, value, at });
        }
      }
    }
  }
  for (const [pass, tensors] of READ_BY) {
    for (const tensor of tensors) {
      for (const at of PLACES[tensor]) {
        for (const request of at === 'unused' ? [PADDED] : [PADDED, STRIDED]) {
          add(pass, request, { tensor, value: 'subnormal', at });
        }
      }
    }
  }
  // One pixel: all of `spatial` lies over padding, and has no gradient whatever x and dy hold.
  for (const value of VALUES) {
    add('forward', PIXEL, { tensor: 'spatial', value, at: 'all' });
    add('inputGradient', PIXEL, { tensor: 'spatial', value, at: 'all' });
    add('spatialGradient', PIXEL, { tensor: 'x', value, at: 'interior' });
    add('spatialGradient', PIXEL, { tensor: 'dy', value, at: 'interior' });
  }
  for (const activation of ['relu', 'relu6', 'leakyrelu', 'elu', 'sigmoid'] as const) {
    for (const value of VALUES) {
      add('fused', PADDED, { tensor: 'x', value, at: 'edge' }, { bias: 'channel', activation });
      add('fused', PADDED, { tensor: 'bias', value, at: 'first' }, { bias: 'channel', activation });
    }
  }
  return cases;
}
