/** Sources of images as plain data, so that another thread opens the same ones. */
import { join } from 'node:path';
import { DatasetArgumentError, fitPictures, type ImageShape, type LabelledImages } from '@hetconv/datasets';
import { readPicture } from '@hetconv/datasets/node';
import { type ImageSource, memorySource } from '../data/source.ts';

export type SourceSpec =
  | {
      /** Pixels in shared memory are read by all threads where they are. */
      readonly kind: 'memory';
      readonly images: LabelledImages;
    }
  | {
      /** Pictures that are decoded when they are first needed. */
      readonly kind: 'files';
      readonly folder: string;
      /** Below the folder. */
      readonly files: readonly string[];
      readonly labels: ArrayLike<number>;
      /** Brought to this shape by `fitPictures`. Three channels. */
      readonly shape: ImageShape;
      /** Of the images that the network was trained on, if those were of one shape. */
      readonly original?: ImageShape | undefined;
      /** Decoded pictures are kept if all of them together take no more than this. Default 1 GiB. */
      readonly cacheBytes?: number;
    };

/** A set in memory that threads share. The pixels are copied once. */
export function sharedImages(images: LabelledImages): SourceSpec {
  const pixels = new Uint8Array(new SharedArrayBuffer(images.pixels.length));
  pixels.set(images.pixels);
  return { kind: 'memory', images: { ...images, pixels } };
}

/** @throws DatasetArgumentError; reading throws DataFileError of the picture that cannot be read */
export function openSource(spec: SourceSpec): ImageSource {
  return spec.kind === 'memory' ? memorySource(spec.images) : fileSource(spec);
}

function fileSource(spec: Extract<SourceSpec, { kind: 'files' }>): ImageSource {
  const { folder, files, labels, shape, original, cacheBytes = 2 ** 30 } = spec;
  const [height, width, channels] = shape;
  if (channels !== 3) throw new DatasetArgumentError('openSource', 'shape', shape, 'of 3 channels: pictures are RGB');
  const size = height * width * channels;
  const kept = files.length * size <= cacheBytes ? new Map<number, Uint8Array>() : undefined;
  const picture = async (index: number): Promise<Uint8Array> => {
    const known = kept?.get(index);
    if (known !== undefined) return known;
    const { pixels } = fitPictures(await readPicture(join(folder, files[index])), shape, original);
    kept?.set(index, pixels);
    return pixels;
  };
  return {
    count: files.length,
    shape,
    labels,
    inMemory: false,
    async read(indices) {
      const chosen = new Uint8Array(indices.length * size);
      for (const [i, index] of indices.entries()) chosen.set(await picture(index), i * size);
      return chosen;
    },
  };
}
