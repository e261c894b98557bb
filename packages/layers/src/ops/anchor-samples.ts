/**
 * The pixels under the anchor tap of a window: what a 1x1 branch must read to stay aligned with a KxK branch.
 * With 'same' and stride 2 on an even size the window's centre sits at row 1, where a 1x1 convolution would read row 0.
 */
import { anchorIndex, type Axis, resolveAxis } from '@hetconv/core';
import { pad, slice, type Tensor4D, tidy } from '@tensorflow/tfjs-core';

/** A window and how it moves. */
export interface Window {
  readonly kernelSize: readonly [number, number];
  readonly strides: readonly [number, number];
  readonly pad: 'same' | 'valid';
  readonly dilations: readonly [number, number];
}

/**
 * Crops x (and pads it with zeros where an even, dilated window starts outside) so that a 1x1 convolution with the
 * window's strides and 'valid' padding reads exactly the anchors.
 *
 * @param x `[batch, height, width, M]`
 * @returns `[batch, (outHeight - 1) * strideHeight + 1, (outWidth - 1) * strideWidth + 1, M]`
 */
export function cropToAnchors(x: Tensor4D, window: Window): Tensor4D {
  const [rows, cols] = [0, 1].map((axis) => {
    const [kernel, stride, dilation] = [window.kernelSize[axis], window.strides[axis], window.dilations[axis]];
    return anchorRange({ inSize: x.shape[axis + 1], kernel, stride, dilation }, window.pad);
  });
  return tidy(() => {
    const cropped = slice(x, [0, rows.start, cols.start, 0], [-1, rows.size, cols.size, -1]);
    return pad(cropped, [[0, 0], rows.padding, cols.padding, [0, 0]]);
  });
}

/** What to cut out of one axis, and the zeros to put around it. */
function anchorRange(axis: Axis, pad_: 'same' | 'valid'): { start: number; size: number; padding: [number, number] } {
  const { outSize, before } = resolveAxis(axis, pad_, undefined);
  const first = anchorIndex(axis.kernel) * axis.dilation - before;
  const end = outSize === 0 ? first : first + (outSize - 1) * axis.stride + 1;
  const start = Math.max(0, first);
  const stop = Math.max(start, Math.min(axis.inSize, end));
  return { start, size: stop - start, padding: [start - first, Math.max(0, end - stop)] };
}
