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

const LAYOUTS = ['rank3', 'nchw', 'rank3-nchw'] as const;
const PLACES = ['nested-arrays', 'foreign-tensors', 'travelling-tensors'] as const;

export function formatCases(seed: number): FormatCase[] {
  const one = (form: FormatCase['form'], pass: FormatCase['pass'], request: PlanRequest): FormatCase => {
    const id = `format/${form}/${pass}/${requestId(request)}/integer`;
    return { kind: 'format', id, family: 'format', seed, form, pass, request, style: 'integer' };
  };
  const batched: PlanRequest = { ...REQUESTS[0], inputShape: [3, 5, 4, 6] };
  return [
    ...LAYOUTS.flatMap((form) =>
      (['forward', 'inputGradient'] as const).flatMap((pass) => {
        const requests = form === 'nchw' ? [...REQUESTS, batched] : REQUESTS;
        return requests.map((request) => one(form, pass, request));
      }),
    ),
    ...PLACES.flatMap((form) => [...REQUESTS, batched].map((request) => one(form, 'forward', request))),
  ];
}
