/** Brings small images to the shape that a network was made for, without inventing pixels. */
import { DatasetArgumentError } from '../errors.ts';
import { type Images, type ImageShape, shapeOf } from './images.ts';

/**
 * Pads every image with zeros (black) on all sides, centred (an odd row goes to the bottom, an odd column to the
 * right), and repeats a single channel. 28 x 28 x 1 becomes 32 x 32 x 3 with two black rows and columns on each side and three
 * equal channels, so that Fashion-MNIST runs through a network made for CIFAR. Images that fit already are returned as they are.
 *
 * @throws DatasetArgumentError when `shape` is smaller than the images, or asks for other channels than theirs or 1 -> n
 */
export function fitShape<T extends Images>(images: T, shape: ImageShape): T {
  checkFit('fitShape', shapeOf(images), shape);
  const [height, width, channels] = shape;
  if (height === images.height && width === images.width && channels === images.channels) return images;
  const pixels = new Uint8Array(images.count * height * width * channels);
  const top = (height - images.height) >> 1;
  const left = (width - images.width) >> 1;
  const repeats = channels / images.channels;
  const rowBytes = images.width * images.channels;
  let from = 0;
  for (let n = 0; n < images.count; n++) {
    for (let y = 0; y < images.height; y++) {
      let to = ((n * height + top + y) * width + left) * channels;
      if (repeats === 1) {
        pixels.set(images.pixels.subarray(from, from + rowBytes), to);
        from += rowBytes;
      } else {
        for (let x = 0; x < images.width; x++) {
          const value = images.pixels[from++];
          for (let c = 0; c < channels; c++) pixels[to++] = value;
        }
      }
    }
  }
  return { ...images, height, width, channels, pixels };
}

/** @throws DatasetArgumentError when `fitShape` could not bring images of shape `from` to shape `to` */
export function checkFit(operation: string, from: ImageShape, to: ImageShape): void {
  const [height, width, channels] = to;
  const whole = to.length === 3 && to.every((size) => Number.isInteger(size) && size <= 65_536);
  if (whole && height >= from[0] && width >= from[1] && (channels === from[2] || (from[2] === 1 && channels >= 1)))
    return;
  const rule =
    `[height, width, channels] of at least the images' own [${from.join(', ')}], ` +
    (from[2] === 1 ? 'with 1 or more channels' : `with ${from[2]} channels`);
  throw new DatasetArgumentError(operation, 'shape', to, rule);
}
