/** Where images come from, one at a time or all in memory: the one view that training has of a data set. */
import type { ImageShape, LabelledImages } from '@hetconv/datasets';

/** Labelled images of one shape, read by index. */
export interface ImageSource {
  readonly count: number;
  readonly shape: ImageShape;
  /** The class of every image. */
  readonly labels: ArrayLike<number>;
  /** Whether reading costs nothing but a copy. */
  readonly inMemory: boolean;
  /** The bytes of the images of these indices, one after the other, [n, height, width, channels]. */
  read(indices: readonly number[]): Uint8Array | Promise<Uint8Array>;
}

/** A set that stands in memory. */
export function memorySource(images: LabelledImages): ImageSource {
  const { count, height, width, channels, pixels, labels } = images;
  const size = height * width * channels;
  return {
    count,
    shape: [height, width, channels],
    labels,
    inMemory: true,
    read(indices) {
      const chosen = new Uint8Array(indices.length * size);
      indices.forEach((index, i) => chosen.set(pixels.subarray(index * size, (index + 1) * size), i * size));
      return chosen;
    },
  };
}
