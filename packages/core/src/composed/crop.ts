/** A rectangle of an image that may reach beyond its edges. */
import { pad, slice, type Tensor4D } from '@tensorflow/tfjs-core';

/**
 * The pixels from (top, left) on, with zeros for those outside of the images; its own adjoint with the signs of `top` and `left`
 * turned and the size of the images.
 *
 * @param images NHWC
 * @returns `[batch, height, width, channels]`
 */
export function cropImages(
  images: Tensor4D,
  [top, left]: readonly [number, number],
  [height, width]: readonly [number, number],
): Tensor4D {
  const rows: [number, number] = [Math.max(0, -top), Math.max(0, top + height - images.shape[1])];
  const cols: [number, number] = [Math.max(0, -left), Math.max(0, left + width - images.shape[2])];
  const isInside = rows[0] + rows[1] + cols[0] + cols[1] === 0;
  const grown = isInside ? images : pad(images, [[0, 0], rows, cols, [0, 0]]);
  if (grown.shape[1] === height && grown.shape[2] === width) return grown;
  return slice(grown, [0, Math.max(0, top), Math.max(0, left), 0], [-1, height, width, -1]);
}
