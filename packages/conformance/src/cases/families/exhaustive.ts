/**
 * Every small layer there is: sides, channels and P up to 4, kernels up to 3 x 3, strides, dilations, pads. Whatever goes wrong on
 * a small layer goes wrong here, and is then small to look at. The CI set takes a sample of it.
 */
import { type ExplicitPadding, type Padding, planHetConv, type PlanRequest } from '@hetconv/core';
import type { CaseSet, PassesCase } from '../case.ts';
import { isValidRequest } from '../make.ts';
import { requestId } from '../request-id.ts';
import { spreadSample } from '../spread-sample.ts';

const SIDES: readonly number[] = [1, 2, 3, 4];
const CHANNELS: readonly number[] = [1, 2, 3, 4];
const KERNEL_SIDES: readonly number[] = [1, 2, 3];
const STEPS: readonly Pick<PlanRequest, 'strides' | 'dilations'>[] = [
  { strides: 1, dilations: 1 },
  { strides: 2, dilations: 1 },
  { strides: 1, dilations: 2 },
];

/** Unequal on both axes: top 1, right 1. */
const UNEVEN: ExplicitPadding = [
  [0, 0],
  [1, 0],
  [0, 1],
  [0, 0],
];

const PADS: readonly Padding[] = ['same', 'valid', UNEVEN];

/** How many the CI set takes. */
const SAMPLE = 400;

export function exhaustiveCases(seed: number, set: CaseSet): PassesCase[] {
  const requests = set === 'full' ? smallLayers() : spreadSample(smallLayers(), SAMPLE, seed);
  return requests.map((request) => {
    const id = `exhaustive/${requestId(request)}/integer`;
    return { kind: 'passes', id, family: 'exhaustive', seed, request, style: 'integer' };
  });
}

let layers: readonly PlanRequest[] | undefined;

function smallLayers(): readonly PlanRequest[] {
  return (layers ??= [...enumerate()]);
}

function* enumerate(): Generator<PlanRequest> {
  for (const window of windows()) {
    for (const inChannels of CHANNELS) {
      for (const outChannels of CHANNELS) {
        for (let part = 1; part <= inChannels; part++) {
          const [height, width] = window.size;
          yield { inputShape: [1, height, width, inChannels], outChannels, part, ...window.geometry };
        }
      }
    }
  }
}

interface Window {
  readonly size: readonly [number, number];
  readonly geometry: Pick<PlanRequest, 'kernelSize' | 'strides' | 'dilations' | 'pad'>;
}

/** Those whose result is not empty. */
function windows(): Window[] {
  return pairs(SIDES).flatMap((size) =>
    pairs(KERNEL_SIDES).flatMap((kernelSize) =>
      STEPS.flatMap((step) => PADS.map((pad) => ({ size, geometry: { kernelSize, ...step, pad } }))).filter(hasOutput),
    ),
  );
}

function hasOutput({ size, geometry }: Window): boolean {
  const request: PlanRequest = { inputShape: [1, ...size, 1], outChannels: 1, part: 1, ...geometry };
  if (!isValidRequest(request)) return false;
  const { outHeight, outWidth } = planHetConv(request);
  return outHeight > 0 && outWidth > 0;
}

function pairs(sides: readonly number[]): (readonly [number, number])[] {
  return sides.flatMap((height) => sides.map((width) => [height, width] as const));
}
