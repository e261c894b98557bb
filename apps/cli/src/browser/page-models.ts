/** A model benchmark as a page takes it: what the networks are made from, the images as bytes, the outputs to compare with. */
import type { ModelOutputs } from '@hetconv/bench';
import type { ConvKind } from '@hetconv/layers';
import type { Tensor4D } from '@tensorflow/tfjs-core';
import { encodeFloats, type PageModels } from './protocol.ts';

export interface ModelsToSend {
  readonly name: string;
  readonly kind: ConvKind;
  readonly parts: readonly (number | 'channels')[];
  readonly seed: string;
  readonly folded: boolean;
  readonly images: Tensor4D;
  readonly batch: number;
  readonly reference: ModelOutputs;
}

export async function pageModels({
  name,
  kind,
  parts,
  seed,
  folded,
  images,
  batch,
  reference,
}: ModelsToSend): Promise<PageModels> {
  const values = encodeFloats((await images.data()) as Float32Array);
  const outputs = reference.outputs.map(encodeFloats);
  return {
    name,
    kind,
    parts,
    seed,
    folded,
    batch,
    images: { shape: images.shape, values },
    reference: { ...reference, outputs },
  };
}
