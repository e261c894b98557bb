/**
 * Where a tap reads. Forward and input gradient are one sum over taps that walk either from outputs to inputs or back:
 * target position p and tap t meet source position (p * multiply + offset + t * step) / divide, if that is whole and inside.
 */
import type { HetConvPlan } from '@hetconv/core';

/** 'forward': y from x. 'backward': dx from dy, M and N exchanged. */
export type Direction = 'forward' | 'backward';

export interface Side {
  readonly height: number;
  readonly width: number;
  readonly channels: number;
}

export interface Geometry {
  readonly direction: Direction;
  readonly source: Side;
  readonly target: Side;
  /** [rows, columns] each */
  readonly multiply: readonly [number, number];
  readonly offset: readonly [number, number];
  readonly step: readonly [number, number];
  readonly divide: readonly [number, number];
}

export function geometryOf(plan: HetConvPlan, direction: Direction): Geometry {
  const input: Side = { height: plan.inHeight, width: plan.inWidth, channels: plan.inChannels };
  const output: Side = { height: plan.outHeight, width: plan.outWidth, channels: plan.outChannels };
  const strides = [plan.strideHeight, plan.strideWidth] as const;
  const { dilationHeight, dilationWidth, padTop, padLeft } = plan;
  return direction === 'forward'
    ? {
        direction,
        source: input,
        target: output,
        multiply: strides,
        offset: [-padTop, -padLeft],
        step: [dilationHeight, dilationWidth],
        divide: [1, 1],
      }
    : {
        direction,
        source: output,
        target: input,
        multiply: [1, 1],
        offset: [padTop, padLeft],
        step: [-dilationHeight, -dilationWidth],
        divide: strides,
      };
}

/**
 * A row of taps over neighbouring pixels: at stride and dilation 1 the taps of a row share their texels. `odd` tells
 * whether the first pixel stands second in its texel.
 */
export interface TapRow {
  readonly taps: number;
  readonly anchor: number;
  readonly isFlipped: boolean;
  readonly isOdd: boolean;
}

/** Wider rows would keep too many texels in registers. */
const MOST_TAPS = 7;

/** Whether the columns of a plan can be read as rows of taps; rows may have any stride and dilation. */
export function hasTapRows(plan: HetConvPlan): boolean {
  return plan.strideWidth === 1 && plan.dilationWidth === 1 && plan.kernelWidth <= MOST_TAPS;
}

export function tapRowOf(plan: HetConvPlan, { direction, offset }: Geometry): TapRow {
  const isFlipped = direction === 'backward';
  const first = offset[1] - (isFlipped ? plan.kernelWidth - 1 : 0);
  return { taps: plan.kernelWidth, anchor: plan.anchorCol, isFlipped, isOdd: Math.abs(first % 2) === 1 };
}
