/**
 * Channel counts: P from 1 to M, dividing M and N or neither, more filters than residues and fewer, single channels and
 * 64, where wide kernels take over.
 */
import type { PlanRequest } from '@hetconv/core';
import type { PassCase } from '../case.ts';
import { passCase, withoutRepeats } from '../make.ts';

const CHANNELS: readonly (readonly [inChannels: number, outChannels: number])[] = [
  [1, 1],
  [1, 6],
  [6, 1],
  [3, 8],
  [8, 3],
  [7, 9],
  [8, 8],
  [10, 6],
  [12, 16],
  [17, 13],
  [64, 64],
];

const PARTS: readonly number[] = [1, 2, 3, 4, 5, 8, 16, 32];

/** A 3x3 'same' window, a strided one, and the 2x2 whose anchor is not its centre. */
const WINDOWS: readonly Pick<PlanRequest, 'kernelSize' | 'strides' | 'pad'>[] = [
  { kernelSize: 3, strides: 1, pad: 'same' },
  { kernelSize: 3, strides: 2, pad: 'same' },
  { kernelSize: 2, strides: 1, pad: 'valid' },
];

export function channelCases(seed: number): PassCase[] {
  const cases: PassCase[] = [];
  for (const [inChannels, outChannels] of CHANNELS) {
    const parts = [...new Set([...PARTS, inChannels])].filter((part) => part <= inChannels);
    for (const [index, part] of parts.entries()) {
      const window = WINDOWS[index % WINDOWS.length];
      const request: PlanRequest = { inputShape: [1, 4, 5, inChannels], outChannels, part, ...window };
      for (const pass of ['forward', 'inputGradient', 'pointwiseGradient', 'spatialGradient'] as const) {
        cases.push(passCase({ family: 'channels', seed, pass, request, style: 'integer' }));
      }
      cases.push(passCase({ family: 'channels', seed, pass: 'forward', request, style: 'normal' }));
    }
  }
  return withoutRepeats(cases);
}
