/** Among which requests the family 'tiles' looks for those that a variant serves: kernels may accept only some. */
import { hetConvMacs, type Pass, planHetConv, type PlanRequest } from '@hetconv/core';

export interface Window {
  readonly geometry: Pick<PlanRequest, 'kernelSize' | 'strides' | 'dilations' | 'pad'>;
  /** Input heights for one row of output, and under 'same' also for two: tiles may run on across rows. */
  readonly heights: readonly number[];
  /** Input width for a number of output columns. */
  widthFor(columns: number): number;
}

export const WINDOWS: readonly Window[] = [
  { geometry: { kernelSize: 3, pad: 'same' }, heights: [1, 2], widthFor: (columns) => columns },
  { geometry: { kernelSize: 1, pad: 'valid' }, heights: [1, 2], widthFor: (columns) => columns },
  { geometry: { kernelSize: 3, strides: 2, pad: 'same' }, heights: [1, 3], widthFor: (columns) => 2 * columns },
  { geometry: { kernelSize: 3, dilations: 2, pad: 'same' }, heights: [1, 2], widthFor: (columns) => columns },
  { geometry: { kernelSize: 5, pad: 'same' }, heights: [1, 2], widthFor: (columns) => columns },
  { geometry: { kernelSize: [2, 3], pad: 'valid' }, heights: [2], widthFor: (columns) => columns + 2 },
];

/** Channels on the side that is not swept. */
const OTHER_CHANNELS: readonly number[] = [4, 8, 16, 32, 64];

/** M and N where `channels` are those of the result: the output's forward, the input's in its gradient. */
export function channelsOf(pass: Pass, part: number, channels: number): readonly [number, number] {
  const other = OTHER_CHANNELS.find((candidate) => candidate >= part) ?? part;
  return pass === 'inputGradient' ? [channels, other] : [other, channels];
}

/** Sides and channels of the ladder, up to what the float64 reference computes in a fraction of a second. */
const SIDES: readonly number[] = [2, 4, 8, 16];
const CHANNELS: readonly number[] = [3, 8, 16, 32, 64, 96, 128];
const MOST_MACS = 8e6;

let rungs: PlanRequest[] | undefined;

/** Layers from tiny to middling, by rising cost: the first that a variant serves are the cheapest. */
export function ladder(): readonly PlanRequest[] {
  return (rungs ??= climb());
}

function climb(): PlanRequest[] {
  const found: { readonly request: PlanRequest; readonly macs: number }[] = [];
  for (const { geometry } of WINDOWS) {
    for (const side of SIDES) {
      for (const inChannels of CHANNELS) {
        for (const outChannels of CHANNELS) {
          for (const part of new Set([1, 2, 3, 4, 8, inChannels])) {
            if (part > inChannels) continue;
            const request: PlanRequest = { inputShape: [1, side, side, inChannels], outChannels, part, ...geometry };
            const macs = hetConvMacs(planHetConv(request));
            if (macs <= MOST_MACS) found.push({ request, macs });
          }
        }
      }
    }
  }
  return found.toSorted((a, b) => a.macs - b.macs).map(({ request }) => request);
}
