/**
 * The one container of this package: a batch of 8-bit images, with labels or without. A whole set, a streamed batch
 * and a single decoded picture (`count` 1) are all of this form.
 */
import { DatasetArgumentError } from '../errors.ts';

/** Images of one size, compact: a byte per channel. */
export interface Images {
  readonly count: number;
  readonly height: number;
  readonly width: number;
  readonly channels: number;
  /** [count, height, width, channels], row-major (NHWC). */
  readonly pixels: Uint8Array;
}

export interface LabelledImages extends Images {
  /** The class of every image; for CIFAR-100, the fine one. */
  readonly labels: Uint8Array;
  /** CIFAR-100 only: the superclass of every image. */
  readonly coarseLabels?: Uint8Array;
}

/** `[height, width, channels]` */
export type ImageShape = readonly [height: number, width: number, channels: number];

/** Images whose labels, if any, are carried along. */
export type MaybeLabelled = Images & Partial<Pick<LabelledImages, 'labels' | 'coarseLabels'>>;

export function shapeOf(images: Images): ImageShape {
  return [images.height, images.width, images.channels];
}

/**
 * The images at the given indices, in that order; an index may come more than once.
 *
 * @throws DatasetArgumentError for an index outside 0..count-1
 */
export function selectImages<T extends MaybeLabelled>(images: T, indices: ArrayLike<number>): T {
  const size = images.height * images.width * images.channels;
  const pixels = new Uint8Array(indices.length * size);
  for (let i = 0; i < indices.length; i++) {
    const index = indices[i];
    if (!Number.isInteger(index) || index < 0 || index >= images.count) {
      throw new DatasetArgumentError(
        'selectImages',
        `indices[${i}]`,
        index,
        `an integer from 0 to ${images.count - 1}`,
      );
    }
    pixels.set(images.pixels.subarray(index * size, (index + 1) * size), i * size);
  }
  const { labels, coarseLabels } = images;
  return {
    ...images,
    count: indices.length,
    pixels,
    ...(labels === undefined ? {} : { labels: Uint8Array.from(indices, (index) => labels[index]) }),
    ...(coarseLabels === undefined ? {} : { coarseLabels: Uint8Array.from(indices, (index) => coarseLabels[index]) }),
  };
}
