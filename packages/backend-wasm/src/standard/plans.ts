/** tfjs's convolutions as plans of ours: the standard one is P = 1; the depthwise one is a ring without an anchor. */
import { anchorIndex, type HetConvPlan } from '@hetconv/core';
import type { backend_util } from '@tensorflow/tfjs-core';
import type { Host } from '../host/host.ts';
import type { Weights } from '../lower/prepare.ts';
import type { TensorInfo } from '@tensorflow/tfjs-core';

type ConvInfo = backend_util.Conv2DInfo;

/** P = 1: every filter sees every channel through its whole kernel. */
export function standardPlan(info: ConvInfo): HetConvPlan {
  return {
    ...geometry(info),
    outChannels: info.outChannels,
    part: 1,
    depth: info.inChannels,
    ringTaps: info.filterHeight * info.filterWidth - 1,
    anchorRow: anchorIndex(info.filterHeight),
    anchorCol: anchorIndex(info.filterWidth),
  };
}

/**
 * P = M: output channel n = k*M + c sees input channel c only, so `[kh, kw, multiplier, M]` is a `spatial` of depth 1.
 * No tap is the anchor: nothing is mixed across channels. tfjs orders outputs as c*multiplier + k, the same for multiplier 1.
 */
export function depthwisePlan(info: ConvInfo): HetConvPlan {
  return {
    ...geometry(info),
    outChannels: info.outChannels,
    part: info.inChannels,
    depth: 1,
    ringTaps: info.filterHeight * info.filterWidth,
    anchorRow: -1,
    anchorCol: -1,
  };
}

/** A dense filter `[kh, kw, M, N]` read in place: its anchor tap and the taps around it. */
export function denseWeights(host: Host, plan: HetConvPlan, filter: TensorInfo): Weights {
  return {
    sources: [filter.dataId],
    places: () => {
      const start = host.addressOf(filter) / 4;
      const tap = plan.depth * plan.outChannels;
      const anchor = plan.anchorRow * plan.kernelWidth + plan.anchorCol;
      const all = Array.from({ length: plan.kernelHeight * plan.kernelWidth }, (_, t) => start + t * tap);
      return { anchor: start + anchor * tap, ring: all.filter((_, t) => t !== anchor) };
    },
  };
}

/** Filter `[kh, kw, multiplier, M]` of {@link depthwisePlan}. */
export function depthwiseWeights(host: Host, plan: HetConvPlan, filter: TensorInfo): Weights {
  return {
    sources: [filter.dataId],
    places: () => {
      const start = host.addressOf(filter) / 4;
      return { anchor: start, ring: Array.from({ length: plan.ringTaps }, (_, t) => start + t * plan.outChannels) };
    },
  };
}

type Geometry = Omit<HetConvPlan, 'outChannels' | 'part' | 'depth' | 'ringTaps' | 'anchorRow' | 'anchorCol'>;

function geometry(info: ConvInfo): Geometry {
  return {
    batch: info.batchSize,
    inHeight: info.inHeight,
    inWidth: info.inWidth,
    inChannels: info.inChannels,
    outHeight: info.outHeight,
    outWidth: info.outWidth,
    kernelHeight: info.filterHeight,
    kernelWidth: info.filterWidth,
    strideHeight: info.strideHeight,
    strideWidth: info.strideWidth,
    dilationHeight: info.dilationHeight,
    dilationWidth: info.dilationWidth,
    padTop: info.padInfo.top,
    padBottom: info.padInfo.bottom,
    padLeft: info.padInfo.left,
    padRight: info.padInfo.right,
  };
}
