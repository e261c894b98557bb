/** The plan of a stock convolution or pool, from what tfjs computes of it. */
import { anchorIndex } from '@hetconv/core';
import { backend_util, type Conv2DAttrs } from '@tensorflow/tfjs-core';
import type { BlockValues } from '../device/arguments.ts';

export type Plan = BlockValues<'Plan'>;
type Info = ReturnType<typeof backend_util.computeConv2DInfo>;

export type Shape4D = [number, number, number, number];

/** A standard convolution: the HetConv of P = 1. */
export function planOf(info: Info): Plan {
  return {
    batch: info.batchSize,
    inHeight: info.inHeight,
    inWidth: info.inWidth,
    inChannels: info.inChannels,
    outHeight: info.outHeight,
    outWidth: info.outWidth,
    outChannels: info.outChannels,
    kernelHeight: info.filterHeight,
    kernelWidth: info.filterWidth,
    strideHeight: info.strideHeight,
    strideWidth: info.strideWidth,
    dilationHeight: info.dilationHeight,
    dilationWidth: info.dilationWidth,
    padTop: info.padInfo.top,
    padLeft: info.padInfo.left,
    part: 1,
    depth: info.inChannels,
    ringTaps: info.filterHeight * info.filterWidth - 1,
    anchorRow: anchorIndex(info.filterHeight),
    anchorCol: anchorIndex(info.filterWidth),
  };
}

type Geometry = Pick<Conv2DAttrs, 'strides' | 'pad' | 'dimRoundingMode'> & Partial<Pick<Conv2DAttrs, 'dilations'>>;

/** Of NHWC images and a filter as tfjs keeps it. Depthwise, `part` is the channel multiplier. */
export function convolutionPlan(
  input: readonly number[],
  filter: readonly number[],
  { strides, dilations, pad, dimRoundingMode }: Geometry,
  kind: 'dense' | 'depthwise' = 'dense',
): Plan {
  const shapes = [input as Shape4D, filter as Shape4D] as const;
  const isDepthwise = kind === 'depthwise';
  const plan = planOf(
    backend_util.computeConv2DInfo(...shapes, strides, dilations ?? 1, pad, dimRoundingMode, isDepthwise),
  );
  return isDepthwise ? { ...plan, part: filter[3] } : plan;
}

export function isChannelsLast(attrs: { readonly dataFormat?: string }): boolean {
  return attrs.dataFormat === undefined || attrs.dataFormat === 'NHWC';
}
