/** Ranks, data formats, nested arrays, and tensors that live on another backend. */
import type { PlanRequest } from '@hetconv/core';
import type { FormatCase } from '../case.ts';
import { requestId } from '../request-id.ts';

const REQUESTS: readonly PlanRequest[] = [
  { inputShape: [1, 5, 4, 6], outChannels: 5, part: 2, kernelSize: 3, pad: 'same' },
  {
    inputShape: [1, 6, 7, 5],
    outChannels: 4,
    part: 3,
    kernelSize: [2, 3],
    strides: 2,
    pad: [
      [0, 0],
      [1, 2],
      [3, 0],
      [0, 0],
    ],
  },
];

const FORMS = ['rank3', 'nchw', 'rank3-nchw', 'nested-arrays', 'foreign-tensors'] as const;

export function formatCases(seed: number): FormatCase[] {
  const batched: PlanRequest = { ...REQUESTS[0], inputShape: [3, 5, 4, 6] };
  return FORMS.flatMap((form) => {
    const requests = form.startsWith('rank3') ? REQUESTS : [...REQUESTS, batched];
    return requests.map((request): FormatCase => {
      const id = `format/${form}/${requestId(request)}/integer`;
      return { kind: 'format', id, family: 'format', seed, form, request, style: 'integer' };
    });
  });
}
