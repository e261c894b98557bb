/** Pictures of any size as a network takes them: brought there on the way that the images of its training came. */
import { fitShape } from './fit.ts';
import type { Images, ImageShape } from './images.ts';
import { resizeImages } from './resize.ts';

/**
 * Scales every picture until it covers `original`, cuts the middle out, and then does what `fitShape` does to the set itself. For a
 * network trained on Fashion-MNIST (`original` [28, 28, 1], `shape` [32, 32, 3]) a photograph becomes 28 x 28 in grey with a black frame
 * and three equal channels; scaled to 32 x 32 it would be larger and without the frame, and in colour, which the network has
 * never seen. An image of the set, saved as a picture, comes back to the bytes that the network was trained on.
 *
 * @param shape what the network takes
 * @param original of the images that it was trained on, before they were fitted; default `shape`
 * @throws DatasetArgumentError as `resizeImages` and `fitShape`
 */
export function fitPictures(pictures: Images, shape: ImageShape, original: ImageShape = shape): Images {
  const [height, width, channels] = original;
  const coloured = channels === 1 && pictures.channels === 3 ? grey(pictures) : pictures;
  return fitShape(resizeImages(coloured, { height, width, mode: 'cover' }), shape);
}

/** Luma of ITU-R BT.601 in thousandths, as Pillow and torchvision weight the channels: equal ones keep their value. */
const [RED, GREEN, BLUE] = [299, 587, 114];

function grey({ count, height, width, pixels }: Images): Images {
  const luma = Uint8Array.from({ length: count * height * width }, (_, i) =>
    Math.round((RED * pixels[3 * i] + GREEN * pixels[3 * i + 1] + BLUE * pixels[3 * i + 2]) / 1000),
  );
  return { count, height, width, channels: 1, pixels: luma };
}
