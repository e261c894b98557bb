/**
 * The plan: every integer that a HetConv kernel needs, computed and validated once.
 * A kernel takes one plan and its tensors; it never sees paddings by name, formats or defaults.
 */
import { InvalidArgumentError } from '../errors.ts';
import { maxResidueDepth } from './channels.ts';
import {
  anchorIndex,
  type DataFormat,
  type Padding,
  resolveAxis,
  type RoundingMode,
  spatialPadding,
} from './geometry.ts';

/** A scalar serves both axes. */
export type Pair = number | readonly [number, number];

/**
 * A validated HetConv on NHWC tensors: x `[batch, inHeight, inWidth, inChannels]` to
 * y `[batch, outHeight, outWidth, outChannels]`. Flat integers only, so that it travels as kernel attributes and as JSON
 * (a type, not an interface: tfjs's attribute type wants an implicit index signature).
 */
export type HetConvPlan = {
  readonly batch: number;
  readonly inHeight: number;
  readonly inWidth: number;
  /** M */
  readonly inChannels: number;
  readonly outHeight: number;
  readonly outWidth: number;
  /** N */
  readonly outChannels: number;
  readonly kernelHeight: number;
  readonly kernelWidth: number;
  readonly strideHeight: number;
  readonly strideWidth: number;
  readonly dilationHeight: number;
  readonly dilationWidth: number;
  readonly padTop: number;
  readonly padBottom: number;
  readonly padLeft: number;
  readonly padRight: number;
  /** P: every P-th input channel, counted from the filter's own residue, is seen through a KxK kernel. */
  readonly part: number;
  /** Q = ceil(M / P) */
  readonly depth: number;
  /** T = kernelHeight * kernelWidth - 1 */
  readonly ringTaps: number;
  readonly anchorRow: number;
  readonly anchorCol: number;
};

/** What a plan is made from. */
export interface PlanRequest {
  /** `[batch, height, width, M]`: NHWC, whatever `dataFormat` says. */
  readonly inputShape: readonly [number, number, number, number];
  /** N */
  readonly outChannels: number;
  /** P, an integer from 1 (standard convolution) to the number of input channels. */
  readonly part: number;
  /** `[height, width]` of the spatial kernels, or one number for both. */
  readonly kernelSize: Pair;
  /** Default 1. */
  readonly strides?: Pair;
  readonly pad: Padding;
  /** Default 1. Above 1 only with strides 1. Unlike `tf.conv2d`, dilated HetConvs have gradients. */
  readonly dilations?: Pair;
  /** Default 'NHWC'. In an op, 'NCHW' costs a transposition before and after the kernel; here it orders explicit pads. */
  readonly dataFormat?: DataFormat;
  /** Rounding of the output size where `pad` is numeric; default: truncate. */
  readonly dimRoundingMode?: RoundingMode;
}

/**
 * Validates a request and computes its plan.
 *
 * @param operation the name that errors begin with
 * @throws InvalidArgumentError naming the argument, its value and what is accepted
 */
export function planHetConv(request: PlanRequest, operation = 'hetConv2d'): HetConvPlan {
  const [batch, inHeight, inWidth, inChannels] = request.inputShape;
  const { outChannels, part, dimRoundingMode } = request;
  requireInteger(operation, 'input channels', inChannels, 1);
  requireInteger(operation, 'output channels', outChannels, 1);
  requirePart(operation, part, inChannels);
  const [kernelHeight, kernelWidth] = requirePair(operation, 'kernelSize', request.kernelSize);
  const [strideHeight, strideWidth] = requirePair(operation, 'strides', request.strides ?? 1);
  const [dilationHeight, dilationWidth] = requirePair(operation, 'dilations', request.dilations ?? 1);
  if ((strideHeight > 1 || strideWidth > 1) && (dilationHeight > 1 || dilationWidth > 1)) {
    const got = { strides: [strideHeight, strideWidth], dilations: [dilationHeight, dilationWidth] };
    throw new InvalidArgumentError(
      operation,
      'strides',
      got,
      '1 where dilations > 1, and dilations 1 where strides > 1',
    );
  }
  if (dimRoundingMode !== undefined) requireRounding(operation, dimRoundingMode, request.pad);

  const [padHeight, padWidth] = spatialPadding(operation, request.pad, request.dataFormat ?? 'NHWC');
  const vertical = { inSize: inHeight, kernel: kernelHeight, stride: strideHeight, dilation: dilationHeight };
  const horizontal = { inSize: inWidth, kernel: kernelWidth, stride: strideWidth, dilation: dilationWidth };
  const rows = resolveAxis(vertical, padHeight, dimRoundingMode);
  const cols = resolveAxis(horizontal, padWidth, dimRoundingMode);
  if (rows.outSize < 0 || cols.outSize < 0) {
    const got = { kernelSize: [kernelHeight, kernelWidth], inputSize: [inHeight, inWidth], pad: request.pad };
    throw new InvalidArgumentError(operation, 'kernelSize', got, 'no larger than the padded input');
  }
  return {
    batch,
    inHeight,
    inWidth,
    inChannels,
    outHeight: rows.outSize,
    outWidth: cols.outSize,
    outChannels,
    kernelHeight,
    kernelWidth,
    strideHeight,
    strideWidth,
    dilationHeight,
    dilationWidth,
    padTop: rows.before,
    padBottom: rows.after,
    padLeft: cols.before,
    padRight: cols.after,
    part,
    depth: maxResidueDepth(inChannels, part),
    ringTaps: kernelHeight * kernelWidth - 1,
    anchorRow: anchorIndex(kernelHeight),
    anchorCol: anchorIndex(kernelWidth),
  };
}

/** One tap of the window. */
export interface Tap {
  readonly row: number;
  readonly col: number;
}

/** The off-anchor taps in row-major order: index t of the result is index t of `spatial`. */
export function ringTaps(plan: Pick<HetConvPlan, 'kernelHeight' | 'kernelWidth' | 'anchorRow' | 'anchorCol'>): Tap[] {
  const taps: Tap[] = [];
  for (let row = 0; row < plan.kernelHeight; row++) {
    for (let col = 0; col < plan.kernelWidth; col++) {
      if (row !== plan.anchorRow || col !== plan.anchorCol) taps.push({ row, col });
    }
  }
  return taps;
}

/** `[batch, inHeight, inWidth, inChannels]` */
export function inputShape(plan: HetConvPlan): [number, number, number, number] {
  return [plan.batch, plan.inHeight, plan.inWidth, plan.inChannels];
}

/** `[batch, outHeight, outWidth, outChannels]` */
export function outputShape(plan: HetConvPlan): [number, number, number, number] {
  return [plan.batch, plan.outHeight, plan.outWidth, plan.outChannels];
}

/** A positive integer pair from a scalar or a pair. */
export function requirePair(operation: string, argument: string, value: Pair): readonly [number, number] {
  const pair = typeof value === 'number' ? [value, value] : value;
  const ok = Array.isArray(pair) && pair.length === 2 && pair.every((side) => Number.isInteger(side) && side > 0);
  if (!ok) throw new InvalidArgumentError(operation, argument, value, 'a positive integer or a pair of them');
  return [pair[0], pair[1]];
}

/** Checks 1 <= part <= inChannels. */
export function requirePart(operation: string, part: unknown, inChannels: number): void {
  if (!Number.isInteger(part) || (part as number) < 1 || (part as number) > inChannels) {
    throw new InvalidArgumentError(operation, 'part', part, `an integer from 1 to the ${inChannels} input channels`);
  }
}

function requireInteger(operation: string, argument: string, value: number, least: number): void {
  if (!Number.isInteger(value) || value < least) {
    throw new InvalidArgumentError(operation, argument, value, `an integer >= ${least}`);
  }
}

function requireRounding(operation: string, mode: string, pad: Padding): void {
  if (mode !== 'floor' && mode !== 'round' && mode !== 'ceil') {
    throw new InvalidArgumentError(operation, 'dimRoundingMode', mode, "'floor', 'round' or 'ceil'");
  }
  if (typeof pad === 'string') {
    throw new InvalidArgumentError(operation, 'pad', pad, 'a number or explicit pairs where dimRoundingMode is given');
  }
}
