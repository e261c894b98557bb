/** What may befall a backend: many reads at once, a result that no memory holds, removal, a lost device. The last two end it. */
import type { PlanRequest } from '@hetconv/core';
import { type ResourceCase, SCENARIOS } from '../case.ts';
import { requestId } from '../request-id.ts';

const REQUESTS: readonly PlanRequest[] = [
  { inputShape: [1, 5, 4, 8], outChannels: 8, part: 4, kernelSize: 3, pad: 'same' },
  { inputShape: [2, 6, 5, 5], outChannels: 3, part: 2, kernelSize: 3, strides: 2, pad: 'same' },
];

export function resourceCases(seed: number): ResourceCase[] {
  return SCENARIOS.flatMap((scenario) =>
    REQUESTS.map((request): ResourceCase => {
      const id = `resources/${scenario}/${requestId(request)}`;
      return { kind: 'resource', id, family: 'resources', seed, scenario, request };
    }),
  );
}
