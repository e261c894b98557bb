/** A model benchmark as a page takes it: what the networks are made from, the images as bytes, the outputs to compare with. */
import type { ModelOutputs } from '@hetconv/bench';
import type { Tensor4D } from '@tensorflow/tfjs-core';
import { encodeFloats, type PageModels } from './protocol.ts';

export interface ModelsToSend extends Omit<PageModels, 'images' | 'reference'> {
  readonly images: Tensor4D;
  readonly reference: ModelOutputs;
}

export async function pageModels({ images, reference, ...models }: ModelsToSend): Promise<PageModels> {
  const values = encodeFloats((await images.data()) as Float32Array);
  const outputs = reference.outputs.map(encodeFloats);
  return { ...models, images: { shape: images.shape, values }, reference: { ...reference, outputs } };
}
