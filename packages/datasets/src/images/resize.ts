/**
 * Bilinear resizing on bytes, in double precision: the same pixels on every backend and platform. Pixel centres lie at half
 * positions, as in Pillow, OpenCV and `tf.image.resizeBilinear(..., halfPixelCenters = true)`.
 */
import { DatasetArgumentError } from '../errors.ts';
import type { Images } from './images.ts';
import { BYTE_VALUE, perChannel, type PerChannel } from './per-channel.ts';
import { type Resampler, resampler } from './resample.ts';

export interface ResizeOptions {
  /** In pixels. */
  readonly height: number;
  /** In pixels. */
  readonly width: number;
  /**
   * What becomes of another aspect ratio: 'stretch' (default) distorts; 'cover' fills the frame and cuts off the same on both
   * sides; 'contain' shows all and pads the rest with `fill`, an odd row or column more at the bottom or right.
   */
  readonly mode?: 'stretch' | 'cover' | 'contain';
  /** Pixel value around a 'contain'ed image, 0..255, per channel or one for all. Default 0, black. */
  readonly fill?: PerChannel;
  /**
   * Where an image shrinks, average all source pixels under the triangle (as Pillow and torchvision do) instead of sampling
   * two per axis (as `tf.image.resizeBilinear` does). Default true.
   */
  readonly antialias?: boolean;
}

/**
 * Results are rounded to the nearest byte.
 *
 * @throws DatasetArgumentError naming the option, what it was and what is accepted
 */
export function resizeImages<T extends Images>(images: T, options: ResizeOptions): T {
  const { height, width, fill = 0 } = options;
  checkSide('resizeImages', 'height', height, MAX_SIDE);
  checkSide('resizeImages', 'width', width, MAX_SIDE);
  const { count, channels } = images;
  const padding = perChannel('resizeImages', 'fill', fill, channels, BYTE_VALUE).map(Math.round);
  const frame = place(images, options);
  const pixels = new Uint8Array(count * height * width * channels);
  if (frame.height < height || frame.width < width) {
    for (let i = 0; i < pixels.length; i++) pixels[i] = padding[i % channels];
  }
  const rowBytes = frame.width * channels;
  for (let n = 0; n < count; n++) {
    const picture = frame.resample(images, n);
    for (let y = 0; y < frame.height; y++) {
      const to = ((n * height + frame.top + y) * width + frame.left) * channels;
      pixels.set(picture.subarray(y * rowBytes, (y + 1) * rowBytes), to);
    }
  }
  return { ...images, height, width, pixels };
}

/**
 * The middle of every image, e.g. 224 x 224 of 256 x 256 (the usual ImageNet evaluation). An odd row or column more is cut at
 * the bottom or right.
 *
 * @throws DatasetArgumentError for a size beyond the images'
 */
export function centerCrop<T extends Images>(images: T, height: number, width: number): T {
  checkSide('centerCrop', 'height', height, images.height);
  checkSide('centerCrop', 'width', width, images.width);
  const { count, channels } = images;
  const top = (images.height - height) >> 1;
  const left = (images.width - width) >> 1;
  const rowBytes = width * channels;
  const pixels = new Uint8Array(count * height * rowBytes);
  for (let n = 0; n < count; n++) {
    for (let y = 0; y < height; y++) {
      const from = ((n * images.height + top + y) * images.width + left) * channels;
      pixels.set(images.pixels.subarray(from, from + rowBytes), (n * height + y) * rowBytes);
    }
  }
  return { ...images, height, width, pixels };
}

const MAX_SIDE = 16_384;

/** Where the resampled picture stands in the result. */
interface Frame {
  readonly top: number;
  readonly left: number;
  readonly height: number;
  readonly width: number;
  readonly resample: Resampler;
}

function place(images: Images, { height, width, mode = 'stretch', antialias = true }: ResizeOptions): Frame {
  const whole = { top: 0, left: 0, height: images.height, width: images.width };
  const byHeight = height / images.height;
  const byWidth = width / images.width;
  switch (mode) {
    case 'stretch':
      return { top: 0, left: 0, height, width, resample: resampler(images, whole, height, width, antialias) };
    case 'cover': {
      const scale = Math.max(byHeight, byWidth); // the side that decides keeps its exact size
      const cutHeight = scale === byHeight ? images.height : height / scale;
      const cutWidth = scale === byWidth ? images.width : width / scale;
      const [top, left] = [(images.height - cutHeight) / 2, (images.width - cutWidth) / 2];
      const box = { top, left, height: cutHeight, width: cutWidth };
      return { top: 0, left: 0, height, width, resample: resampler(images, box, height, width, antialias) };
    }
    case 'contain': {
      const scale = Math.min(byHeight, byWidth);
      const inner = {
        height: scale === byHeight ? height : Math.max(1, Math.round(images.height * scale)),
        width: scale === byWidth ? width : Math.max(1, Math.round(images.width * scale)),
      };
      return {
        top: (height - inner.height) >> 1,
        left: (width - inner.width) >> 1,
        ...inner,
        resample: resampler(images, whole, inner.height, inner.width, antialias),
      };
    }
    default:
      throw new DatasetArgumentError('resizeImages', 'mode', mode, "'stretch', 'cover' or 'contain'");
  }
}

function checkSide(operation: string, argument: string, side: number, most: number): void {
  if (Number.isInteger(side) && side >= 1 && side <= most) return;
  throw new DatasetArgumentError(operation, argument, side, `an integer from 1 to ${most}`);
}
