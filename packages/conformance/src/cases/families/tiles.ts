/**
 * Every kernel variant that a backend declares, where it is served: the only family that depends on the backend.
 * With a tile: a sweep of t - 1, t, t + 1 and 2t + 1 output positions and channels, for a kernel that mistakes a remainder is wrong
 * exactly there. Without: the smallest requests that reach it.
 */
import { type HetConvKernels, type KernelVariant, planHetConv, type PlanRequest, variantFor } from '@hetconv/core';
import type { CasePass, FusedSpec, PassCase, ValueStyle } from '../case.ts';
import { passCase, withoutRepeats } from '../make.ts';
import { channelsOf, ladder, type Window, WINDOWS } from './tile-requests.ts';

type Kernels = Pick<HetConvKernels, 'variants'>;

const PARTS: readonly number[] = [1, 2, 3, 4, 8, 16, 32, 64];

/** How many (window, part) pairs of a tiled variant are swept. */
const SWEEPS = 4;

/** How many requests an untiled variant gets. */
const REACHES = 8;

/** A variant that no request reaches yields one case all the same: it fails, and says so. */
const FALLBACK: PlanRequest = { inputShape: [1, 3, 3, 8], outChannels: 8, part: 4, kernelSize: 3, pad: 'same' };

export function tileCases(seed: number, kernels: Kernels): PassCase[] {
  const cases = kernels.variants.flatMap((variant) => {
    const requests = variant.tile === undefined ? reach(kernels, variant) : sweep(kernels, variant, variant.tile);
    return (requests.length > 0 ? requests : [FALLBACK]).map((request, index) => caseOf(seed, variant, request, index));
  });
  return withoutRepeats(cases);
}

/** Passes and styles take turns: an epilogue in a tile's remainder is as easy to get wrong as a sum. */
function caseOf(seed: number, { name, pass }: KernelVariant, request: PlanRequest, index: number): PassCase {
  const style: ValueStyle = index % 4 === 3 ? 'normal' : 'integer';
  const parts = { family: 'tiles', seed, request, style, variant: name } as const;
  if (pass !== 'forward' || index % 3 !== 1) return passCase({ ...parts, pass });
  const fused: FusedSpec = { bias: 'channel', activation: index % 2 === 0 ? 'relu6' : 'prelu' };
  return passCase({ ...parts, pass: 'fused' satisfies CasePass, fused });
}

function sweep(kernels: Kernels, variant: KernelVariant, tile: NonNullable<KernelVariant['tile']>): PlanRequest[] {
  const swept: PlanRequest[][] = [];
  for (const window of WINDOWS) {
    for (const part of PARTS) {
      const requests = around(tile.channels).flatMap((channels) =>
        around(tile.positions).flatMap((count) => requestsOf(variant, window, part, channels, count)),
      );
      const served = requests.filter((request) => serves(kernels, variant, request));
      if (served.length > 0) swept.push(served);
      if (swept.length === SWEEPS) return swept.flat();
    }
  }
  // A variant for large layers only: not swept, but reached.
  return swept.length > 0 ? swept.flat() : reach(kernels, variant);
}

/** The cheapest requests of a variant that differ in window or P. */
function reach(kernels: Kernels, variant: KernelVariant): PlanRequest[] {
  const requests = new Map<string, PlanRequest>();
  for (const request of ladder()) {
    const { kernelSize, strides, dilations, part } = request;
    const key = JSON.stringify([kernelSize, strides, dilations, part]);
    if (!requests.has(key) && serves(kernels, variant, request)) requests.set(key, request);
    if (requests.size === REACHES) break;
  }
  return [...requests.values()];
}

/**
 * Requests whose result has `count` positions a row and exactly `channels` channels. For the gradient of `pointwise` or
 * `spatial`, whose result is a weight tensor, positions are those of the image that is summed over.
 */
function requestsOf(
  { pass }: KernelVariant,
  window: Window,
  part: number,
  channels: number,
  count: number,
): PlanRequest[] {
  const [inChannels, outChannels] = channelsOf(pass, part, channels);
  if (part > inChannels) return [];
  const inWidth = window.widthFor(count);
  return window.heights.map((inHeight) => ({
    inputShape: [1, inHeight, inWidth, inChannels],
    outChannels,
    part,
    ...window.geometry,
  }));
}

function serves(kernels: Kernels, variant: KernelVariant, request: PlanRequest): boolean {
  return variantFor(kernels, variant.pass, planHetConv(request)) === variant;
}

function around(size: number): number[] {
  return [...new Set([size - 1, size, size + 1, 2 * size + 1])].filter((value) => value > 0);
}
