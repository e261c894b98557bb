/** How results of one backend follow from one another: sums, permuted channels, split batches, moved images, other formats. */
import type { Pass, PlanRequest } from '@hetconv/core';
import type { MetamorphicCase } from '../case.ts';
import { requestId } from '../request-id.ts';

type Relation = MetamorphicCase['relation'];

/** P divides M and N in all of them, as channel rotations demand. */
const REQUESTS: readonly PlanRequest[] = [
  { inputShape: [3, 6, 7, 6], outChannels: 4, part: 2, kernelSize: 3, pad: 'same' },
  { inputShape: [3, 7, 6, 6], outChannels: 9, part: 3, kernelSize: [2, 3], strides: 2, pad: 'same' },
  { inputShape: [2, 7, 7, 8], outChannels: 8, part: 8, kernelSize: 3, strides: [1, 2], pad: 'valid' },
  { inputShape: [2, 8, 7, 8], outChannels: 12, part: 4, kernelSize: 3, dilations: 2, pad: 'same' },
  { inputShape: [2, 5, 8, 4], outChannels: 6, part: 1, kernelSize: [1, 3], pad: 'same' },
];

const ALL: readonly Pass[] = ['forward', 'inputGradient', 'pointwiseGradient', 'spatialGradient'];

const PASSES: Readonly<Record<Relation, readonly Pass[]>> = {
  'linear-in-images': ALL,
  'linear-in-weights': ['forward', 'inputGradient'],
  'channel-rotation': ALL,
  'group-rotation': ALL,
  'batch-split': ALL,
  translation: ['forward'],
  nchw: ['forward'],
};

export function metamorphicCases(seed: number): MetamorphicCase[] {
  return Object.entries(PASSES).flatMap(([relation, passes]) =>
    passes.flatMap((pass) =>
      REQUESTS.map((request): MetamorphicCase => {
        const id = `metamorphic/${relation}/${pass}/${requestId(request)}/integer`;
        return {
          kind: 'metamorphic',
          id,
          family: 'metamorphic',
          seed,
          relation: relation as Relation,
          pass,
          request,
          style: 'integer',
        };
      }),
    ),
  );
}
