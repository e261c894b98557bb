/** Gradients: the adjoint property, and agreement of `tf.grads` with the oracle and with the masked dense `tf.conv2d`. */
import { fused, type PlanRequest } from '@hetconv/core';
import type { AdjointCase, GradientCase } from '../case.ts';
import { requestId } from '../request-id.ts';

/** Padded and not, strided, dilated, even, ragged residues, more residues than filters. */
const REQUESTS: readonly PlanRequest[] = [
  { inputShape: [2, 5, 6, 6], outChannels: 4, part: 2, kernelSize: 3, pad: 'same' },
  { inputShape: [1, 6, 7, 7], outChannels: 5, part: 3, kernelSize: 3, strides: 2, pad: 'same' },
  { inputShape: [1, 7, 6, 5], outChannels: 2, part: 4, kernelSize: [2, 3], strides: [1, 2], pad: 'valid' },
  { inputShape: [1, 5, 5, 4], outChannels: 4, part: 1, kernelSize: 3, pad: 'valid' },
  { inputShape: [1, 5, 4, 4], outChannels: 6, part: 4, kernelSize: 5, pad: 'same' },
  { inputShape: [2, 4, 5, 6], outChannels: 5, part: 2, kernelSize: 1, strides: 2, pad: 'same' },
];

const DILATED: readonly PlanRequest[] = [
  { inputShape: [1, 6, 7, 6], outChannels: 4, part: 3, kernelSize: 3, dilations: 2, pad: 'same' },
  { inputShape: [1, 8, 6, 5], outChannels: 3, part: 2, kernelSize: [3, 2], dilations: [2, 1], pad: 'valid' },
];

export function adjointCases(seed: number): AdjointCase[] {
  return [...REQUESTS, ...DILATED].flatMap((request) =>
    (['x', 'pointwise', 'spatial'] as const).flatMap((wrt) =>
      (['integer', 'normal'] as const).map((style): AdjointCase => {
        const id = `adjoint/${wrt}/${requestId(request)}/${style}`;
        return { kind: 'adjoint', id, family: 'adjoint', seed, wrt, request, style };
      }),
    ),
  );
}

export function gradientCases(seed: number): GradientCase[] {
  const cases: GradientCase[] = [];
  const add = (parts: Pick<GradientCase, 'wrt' | 'against' | 'request' | 'activation'>): void => {
    const { wrt, against, request, activation } = parts;
    const id = `gradients/${wrt}-${against}/${activation}/${requestId(request)}/dyadic`;
    cases.push({ kind: 'gradient', id, family: 'gradients', seed, style: 'dyadic', ...parts });
  };
  for (const wrt of ['x', 'pointwise', 'spatial', 'bias'] as const) {
    for (const request of REQUESTS) add({ wrt, against: 'dense', request, activation: 'linear' });
    // tf.conv2d has no gradient under dilation: the oracle alone.
    for (const request of DILATED) add({ wrt, against: 'oracle', request, activation: 'linear' });
    for (const request of REQUESTS.slice(0, 2)) {
      for (const activation of fused.ACTIVATIONS) {
        add({ wrt, against: activation === 'linear' ? 'oracle' : 'dense', request, activation });
      }
    }
  }
  return cases;
}
