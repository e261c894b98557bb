/**
 * Where each output position reads: output sizes and padding exactly as `tf.conv2d`, the anchor tap, the taps around it.
 * Pure arithmetic on integers; no tensors, no tfjs.
 */
import { InvalidArgumentError } from '../errors.ts';

/** `[[0, 0], [top, bottom], [left, right], [0, 0]]` for NHWC, `[[0, 0], [0, 0], [top, bottom], [left, right]]` for NCHW. */
export type ExplicitPadding = readonly [
  readonly [number, number],
  readonly [number, number],
  readonly [number, number],
  readonly [number, number],
];

export type Padding = 'same' | 'valid' | number | ExplicitPadding;
export type DataFormat = 'NHWC' | 'NCHW';
export type RoundingMode = 'floor' | 'round' | 'ceil';

/** One spatial axis of a convolution window. */
export interface Axis {
  readonly inSize: number;
  readonly kernel: number;
  readonly stride: number;
  readonly dilation: number;
}

/** Output size of one axis and the padding in front of and behind it. */
export interface AxisGeometry {
  readonly outSize: number;
  readonly before: number;
  readonly after: number;
}

/** Extent of a dilated kernel along one axis: `(kernel - 1) * dilation + 1`. */
export function effectiveKernel(kernel: number, dilation: number): number {
  return (kernel - 1) * dilation + 1;
}

/**
 * Resolves the padding of one axis.
 *
 * As tfjs `conv_util.computeConv2DInfo`, except that a numeric `pad` uses each axis's own kernel and stride;
 * tfjs 4.22 takes the height's for both and so miscounts the width of non-square windows.
 */
export function resolveAxis(
  axis: Axis,
  pad: 'same' | 'valid' | readonly [number, number],
  rounding: RoundingMode | undefined,
): AxisGeometry {
  const extent = effectiveKernel(axis.kernel, axis.dilation);
  if (pad === 'same') {
    const outSize = Math.ceil(axis.inSize / axis.stride);
    const total = Math.max(0, (outSize - 1) * axis.stride + extent - axis.inSize);
    const before = Math.floor(total / 2);
    return { outSize, before, after: total - before };
  }
  if (pad === 'valid') {
    return { outSize: Math.ceil((axis.inSize - extent + 1) / axis.stride) + 0, before: 0, after: 0 }; // + 0: no -0
  }
  const [before, after] = pad;
  const exact = (axis.inSize - extent + before + after) / axis.stride + 1;
  const outSize = rounding === undefined ? Math.trunc(exact) : Math[rounding](exact);
  return { outSize: outSize + 0, before, after };
}

/** The pads of the two spatial axes, from any form that `tf.conv2d` accepts. */
export function spatialPadding(
  operation: string,
  pad: Padding,
  dataFormat: DataFormat,
): readonly ['same' | 'valid' | readonly [number, number], 'same' | 'valid' | readonly [number, number]] {
  if (pad === 'same' || pad === 'valid') return [pad, pad];
  if (typeof pad === 'number') {
    requirePad(operation, pad, pad);
    return [
      [pad, pad],
      [pad, pad],
    ];
  }
  const isPairs =
    Array.isArray(pad) && pad.length === 4 && pad.every((pair) => Array.isArray(pair) && pair.length === 2);
  if (!isPairs) {
    throw new InvalidArgumentError(
      operation,
      'pad',
      pad,
      "'same', 'valid', an integer >= 0 or four pairs of integers >= 0",
    );
  }
  for (const pair of pad) for (const value of pair) requirePad(operation, value, pad);
  const [height, width, silent] =
    dataFormat === 'NHWC' ? [pad[1], pad[2], [pad[0], pad[3]]] : [pad[2], pad[3], [pad[0], pad[1]]];
  if (silent.some((pair) => pair[0] !== 0 || pair[1] !== 0)) {
    throw new InvalidArgumentError(operation, 'pad', pad, `[0, 0] on the batch and channel axes of ${dataFormat}`);
  }
  return [height, width];
}

function requirePad(operation: string, value: unknown, shown: unknown): void {
  if (!Number.isInteger(value) || (value as number) < 0) {
    throw new InvalidArgumentError(
      operation,
      'pad',
      shown,
      "'same', 'valid', an integer >= 0 or four pairs of integers >= 0",
    );
  }
}

/**
 * Index along one axis of the tap that holds the 1x1 kernels: the centre for odd kernels; for every size the tap
 * that reads the pixel itself under 'same' padding and stride 1.
 */
export function anchorIndex(kernel: number): number {
  return Math.floor((kernel - 1) / 2);
}

/**
 * The output positions `[start, end)` along one axis at which a tap reads inside the input.
 * Outside them the tap reads padding and contributes nothing.
 *
 * @param shift input position that the tap reads for output position 0: `tap * dilation - padBefore`
 */
export function tapRange(outSize: number, inSize: number, stride: number, shift: number): readonly [number, number] {
  const start = Math.max(0, Math.ceil(-shift / stride));
  const end = Math.min(outSize, Math.floor((inSize - 1 - shift) / stride) + 1);
  return [start, Math.max(start, end)];
}
