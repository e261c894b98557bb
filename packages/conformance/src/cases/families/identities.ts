/** The identities of the specification, each on requests that bring out what it says. */
import { type PlanRequest } from '@hetconv/core';
import type { IdentityCase, ValueStyle } from '../case.ts';
import { withoutRepeats } from '../make.ts';
import { requestId } from '../request-id.ts';

type Identity = IdentityCase['identity'];
type Geometry = Pick<PlanRequest, 'kernelSize' | 'strides' | 'dilations' | 'pad'>;

const WINDOWS: readonly Geometry[] = [
  { kernelSize: 3, pad: 'same' },
  { kernelSize: 3, strides: 2, pad: 'same' },
  { kernelSize: 2, pad: 'same' },
  { kernelSize: [5, 2], strides: [1, 3], pad: 'valid' },
  { kernelSize: 3, dilations: 2, pad: 'same' },
  { kernelSize: [2, 3], strides: 2, pad: 1 },
];

/** Stride 1 and odd: what the mirrored gradient is defined for. */
const MIRRORED: readonly Geometry[] = [
  { kernelSize: 3, pad: 'same' },
  { kernelSize: [5, 3], pad: 'valid' },
  { kernelSize: 3, dilations: 2, pad: 2 },
];

/** Odd and even sizes: where a 1x1 at the wrong place is seen under stride 2. */
const SIZES = [
  [6, 7],
  [7, 6],
] as const;

export function identityCases(seed: number): IdentityCase[] {
  const cases: IdentityCase[] = [];
  const add = (
    identity: Identity,
    request: PlanRequest,
    styles: readonly ValueStyle[] = ['integer', 'normal'],
  ): void => {
    for (const style of styles) {
      const id = `identities/${identity}/${requestId(request)}/${style}`;
      cases.push({ kind: 'identity', id, family: 'identities', seed, identity, request, style });
    }
  };
  for (const [index, window] of WINDOWS.entries()) {
    const [height, width] = SIZES[index % SIZES.length];
    const ragged = { inputShape: [2, height, width, 7], outChannels: 6, ...window } as const;
    add('standard', { ...ragged, part: 1 });
    for (const part of [2, 3, 4, 5, 7]) add('masked-dense', { ...ragged, part });
    add('dense-weights', { ...ragged, part: 3 }, ['normal']);
    const even = { inputShape: [1, width, height, 8], outChannels: 12, ...window } as const;
    for (const part of [1, 2, 4]) add('block-order', { ...even, part });
    add('dense-weights', { ...even, part: 8 }, ['normal']);
  }
  for (const strides of [1, 2, 3]) {
    for (const part of [1, 2, 3, 7]) {
      add('one-by-one', { inputShape: [1, 6, 7, 7], outChannels: 5, part, kernelSize: 1, strides, pad: 'same' });
    }
  }
  for (const kernelSize of [1, 2, 3, 5, [3, 2]] as const) {
    for (const channels of [1, 3, 8]) {
      const request = { inputShape: [1, 6, 5, channels], outChannels: channels, part: channels, kernelSize } as const;
      add('depthwise-ring', { ...request, pad: 'same' });
    }
    for (const part of [1, 2, 4]) {
      const request = { inputShape: [1, 5, 6, 8], outChannels: 12, part, kernelSize, pad: 'same' } as const;
      add('grouped-fold', request, ['integer']);
    }
  }
  for (const window of MIRRORED) {
    for (const [inChannels, outChannels, part] of [
      [6, 4, 1],
      [6, 4, 2],
      [7, 5, 3],
      [8, 8, 8],
    ]) {
      add('gradient-is-hetconv', { inputShape: [1, 6, 7, inChannels], outChannels, part, ...window });
    }
  }
  return withoutRepeats(cases);
}
