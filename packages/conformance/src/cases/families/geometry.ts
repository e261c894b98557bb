/**
 * Windows: kernels 1 to 7 and not square, strides 1 to 3, dilations, every form of padding, sizes odd, even, unequal
 * and smaller than the window, batches 0, 1 and 3. Channels are few and do not divide by P, so that residues are always ragged.
 */
import { type ExplicitPadding, type Pair, planHetConv, type PlanRequest } from '@hetconv/core';
import type { CasePass, PassCase } from '../case.ts';
import { isValidRequest, passCase } from '../make.ts';

const KERNELS: readonly Pair[] = [1, 2, 3, 5, 7, [1, 3], [3, 2], [2, 5]];

const STEPS: readonly Pick<PlanRequest, 'strides' | 'dilations'>[] = [
  { strides: 1, dilations: 1 },
  { strides: 2, dilations: 1 },
  { strides: 3, dilations: 1 },
  { strides: [2, 1], dilations: 1 },
  { strides: 1, dilations: 2 },
  { strides: 1, dilations: [1, 2] },
];

/** Unequal on purpose: top 1, bottom 2, left 3, right 0. */
const UNEVEN: ExplicitPadding = [
  [0, 0],
  [1, 2],
  [3, 0],
  [0, 0],
];

const PADS: readonly Pick<PlanRequest, 'pad' | 'dimRoundingMode'>[] = [
  { pad: 'same' },
  { pad: 'valid' },
  { pad: 2 },
  { pad: UNEVEN },
];

const ROUNDED: readonly Pick<PlanRequest, 'pad' | 'dimRoundingMode'>[] = [
  { pad: 0, dimRoundingMode: 'floor' },
  { pad: 1, dimRoundingMode: 'round' },
  { pad: 1, dimRoundingMode: 'ceil' },
  { pad: UNEVEN, dimRoundingMode: 'ceil' },
];

/** Odd x even, even x odd, and smaller than most windows. */
const SIZES: readonly (readonly [number, number])[] = [
  [5, 6],
  [8, 7],
  [2, 3],
];

const GRADIENTS: readonly CasePass[] = ['inputGradient', 'pointwiseGradient', 'spatialGradient'];

export function geometryCases(seed: number): PassCase[] {
  const cases: PassCase[] = [];
  const add = (pass: CasePass, request: PlanRequest): void => {
    const style = cases.length % 3 === 2 ? 'normal' : 'integer';
    cases.push(passCase({ family: 'geometry', seed, pass, request, style }));
  };
  for (const request of windows()) {
    // Every window forward, and one of its gradients: the three take turns, which visits each step, pad and size with each.
    add('forward', request);
    add(GRADIENTS[cases.length % GRADIENTS.length], request);
  }
  for (const request of [...roundings(), ...batches(), ...manyPositions(), ...emptyOutputs()]) {
    for (const pass of ['forward', ...GRADIENTS] as const) add(pass, request);
  }
  return cases;
}

function windows(): PlanRequest[] {
  const requests: PlanRequest[] = [];
  for (const kernelSize of KERNELS) {
    for (const step of STEPS) {
      for (const pad of PADS) {
        for (const [height, width] of SIZES) {
          const part = 2 + (requests.length % 2);
          requests.push({ inputShape: [1, height, width, 5], outChannels: 4, part, kernelSize, ...step, ...pad });
        }
      }
    }
  }
  return requests.filter((request) => isValidRequest(request) && !isEmpty(request));
}

function roundings(): PlanRequest[] {
  return [2, 3].flatMap((strides) =>
    ROUNDED.map((pad) => ({
      inputShape: [1, 6, 7, 3] as const,
      outChannels: 2,
      part: 2,
      kernelSize: 3,
      strides,
      ...pad,
    })),
  );
}

function batches(): PlanRequest[] {
  return [0, 1, 3].flatMap((batch) =>
    [1, 2].map((strides) => ({
      inputShape: [batch, 4, 5, 6] as const,
      outChannels: 5,
      part: 4,
      kernelSize: 3,
      strides,
      pad: 'same' as const,
    })),
  );
}

/** More output positions than a kernel takes at once, in one image and over several; M and N differ. */
function manyPositions(): PlanRequest[] {
  return (
    [
      [3, 28, 30],
      [1, 52, 50],
    ] as const
  ).map(([batch, height, width]) => ({
    inputShape: [batch, height, width, 8],
    outChannels: 12,
    part: 4,
    kernelSize: 3,
    strides: 1,
    pad: 'same',
  }));
}

/** A window one larger than its input: the result has no rows (or no columns), and the weights no gradient. */
function emptyOutputs(): PlanRequest[] {
  return (
    [
      [4, 3],
      [2, 6],
    ] as const
  ).map((kernelSize) => ({
    inputShape: [1, 3, 5, 3],
    outChannels: 2,
    part: 2,
    kernelSize,
    pad: 'valid',
  }));
}

function isEmpty(request: PlanRequest): boolean {
  const { outHeight, outWidth } = planHetConv(request);
  return outHeight === 0 || outWidth === 0;
}
