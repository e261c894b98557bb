/** Sources of images as plain data, so that another thread opens the same ones. */
import type { LabelledImages } from '@hetconv/datasets';
import { type ImageSource, memorySource } from '../data/source.ts';

export type SourceSpec = {
  /** Pixels in shared memory are read by all threads where they are. */
  readonly kind: 'memory';
  readonly images: LabelledImages;
};

/** A set in memory that threads share. The pixels are copied once. */
export function sharedImages(images: LabelledImages): SourceSpec {
  const pixels = new Uint8Array(new SharedArrayBuffer(images.pixels.length));
  pixels.set(images.pixels);
  return { kind: 'memory', images: { ...images, pixels } };
}

export function openSource(spec: SourceSpec): ImageSource {
  return memorySource(spec.images);
}
