/** Lists of layers by name, so that one run gives many rows. Data. */
import { InvalidArgumentError } from '@hetconv/core';
import type { LayerRequest } from './layer-request.ts';

/** A layer without batch and P, which are chosen when it is measured. */
export type LayerSizes = Omit<LayerRequest, 'batch' | 'parts' | 'count'>;

export type LayerPreset = 'cifar' | 'imagenet' | 'kernels';

function layer(size: number, inChannels: number, out: number, stride = 1): LayerSizes {
  return { height: size, width: size, in: inChannels, out, kernel: 3, stride };
}

/**
 * - cifar: VGG-16 on 32x32 images, a layer of every size and width.
 * - imagenet: ResNet-34 on 224x224 images: a layer of every stage, and those that halve.
 * - kernels: what the Wasm kernels are tuned on: from 7x7 to 56x56, stride 2, few channels.
 */
const PRESETS: Readonly<Record<LayerPreset, readonly LayerSizes[]>> = {
  cifar: [
    layer(32, 64, 64),
    layer(16, 64, 128),
    layer(16, 128, 128),
    layer(8, 128, 256),
    layer(8, 256, 256),
    layer(4, 256, 512),
    layer(4, 512, 512),
    layer(2, 512, 512),
  ],
  imagenet: [
    layer(56, 64, 64),
    layer(56, 64, 128, 2),
    layer(28, 128, 128),
    layer(28, 128, 256, 2),
    layer(14, 256, 256),
    layer(14, 256, 512, 2),
    layer(7, 512, 512),
  ],
  kernels: [
    layer(56, 64, 64),
    layer(32, 64, 64),
    layer(16, 128, 128),
    layer(16, 256, 256),
    layer(8, 512, 512),
    layer(7, 512, 512),
    layer(56, 64, 64, 2),
    layer(16, 256, 256, 2),
    layer(16, 16, 16),
    layer(32, 32, 32),
  ],
};

export const LAYER_PRESETS: readonly LayerPreset[] = Object.keys(PRESETS) as LayerPreset[];

/** @throws InvalidArgumentError listing the names */
export function layerPreset(name: string): readonly LayerSizes[] {
  const found = LAYER_PRESETS.find((preset) => preset === name);
  if (found !== undefined) return PRESETS[found];
  throw new InvalidArgumentError('layerPreset', 'name', name, `one of ${LAYER_PRESETS.join(', ')}`);
}
