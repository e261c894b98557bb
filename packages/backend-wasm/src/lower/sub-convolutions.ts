/**
 * The geometry of a pass as plain gathering: for each target pixel, which source pixel each tap reads.
 *
 * The forward pass is one such problem. The input gradient at strides (s, t) is s*t of them: target rows i with the
 * same i mod s meet the same taps, so no product with an inserted zero is ever computed.
 */
import { type HetConvPlan, ringTaps } from '@hetconv/core';

export type Direction = 'forward' | 'inputGradient';

/** The part of one axis that shares its taps: target k of `count` is start + k*step; tap i reads k*sourceStep + shifts[i]. */
export interface AxisClass {
  readonly start: number;
  readonly step: number;
  readonly count: number;
  readonly sourceStep: number;
  readonly taps: readonly number[];
  readonly shifts: readonly number[];
}

/** Target pixels that meet the same taps. */
export interface SubConvolution {
  readonly rows: AxisClass;
  readonly cols: AxisClass;
  /** Anchor first where it is met, then ring taps in order. */
  readonly taps: readonly SourceTap[];
}

/** A tap and the source pixel it reads, relative to the target's own (k*sourceStep). */
export interface SourceTap {
  readonly rowShift: number;
  readonly colShift: number;
  /** Index into `spatial`; -1 for the anchor. */
  readonly ring: number;
}

/** Sizes of the two sides of a pass: sources are read, targets written. */
export interface Sides {
  readonly sourceHeight: number;
  readonly sourceWidth: number;
  readonly sourceChannels: number;
  readonly targetHeight: number;
  readonly targetWidth: number;
  readonly targetChannels: number;
}

export function sidesOf(plan: HetConvPlan, direction: Direction): Sides {
  const { inHeight, inWidth, inChannels, outHeight, outWidth, outChannels } = plan;
  return direction === 'forward'
    ? {
        sourceHeight: inHeight,
        sourceWidth: inWidth,
        sourceChannels: inChannels,
        targetHeight: outHeight,
        targetWidth: outWidth,
        targetChannels: outChannels,
      }
    : {
        sourceHeight: outHeight,
        sourceWidth: outWidth,
        sourceChannels: outChannels,
        targetHeight: inHeight,
        targetWidth: inWidth,
        targetChannels: inChannels,
      };
}

export function subConvolutions(plan: HetConvPlan, direction: Direction): SubConvolution[] {
  const { targetHeight, targetWidth } = sidesOf(plan, direction);
  const rowClasses = axisClasses(direction, {
    targets: targetHeight,
    kernel: plan.kernelHeight,
    stride: plan.strideHeight,
    dilation: plan.dilationHeight,
    pad: plan.padTop,
  });
  const colClasses = axisClasses(direction, {
    targets: targetWidth,
    kernel: plan.kernelWidth,
    stride: plan.strideWidth,
    dilation: plan.dilationWidth,
    pad: plan.padLeft,
  });
  const ringIndex = new Map(ringTaps(plan).map(({ row, col }, t) => [row * plan.kernelWidth + col, t]));
  return rowClasses.flatMap((rows) =>
    colClasses.map((cols) => {
      const taps = rows.taps.flatMap((row, i) =>
        cols.taps.map((col, j) => ({
          rowShift: rows.shifts[i],
          colShift: cols.shifts[j],
          ring: ringIndex.get(row * plan.kernelWidth + col) ?? -1,
        })),
      );
      return { rows, cols, taps: taps.toSorted((a, b) => a.ring - b.ring) };
    }),
  );
}

interface Axis {
  readonly targets: number;
  readonly kernel: number;
  readonly stride: number;
  readonly dilation: number;
  readonly pad: number;
}

function axisClasses(direction: Direction, { targets, kernel, stride, dilation, pad }: Axis): AxisClass[] {
  const taps = Array.from({ length: kernel }, (_, tap) => tap);
  if (direction === 'forward') {
    const shifts = taps.map((tap) => tap * dilation - pad);
    return [{ start: 0, step: 1, count: targets, sourceStep: stride, taps, shifts }];
  }
  // y[o] reads x[o*stride + tap*dilation - pad], so x[i] receives from o = (i + pad - tap*dilation) / stride.
  const classes: AxisClass[] = [];
  for (let start = 0; start < Math.min(stride, targets); start++) {
    const met = taps.filter((tap) => (start + pad - tap * dilation) % stride === 0);
    const shifts = met.map((tap) => (start + pad - tap * dilation) / stride);
    const count = Math.ceil((targets - start) / stride);
    classes.push({ start, step: stride, count, sourceStep: 1, taps: met, shifts });
  }
  return classes;
}
