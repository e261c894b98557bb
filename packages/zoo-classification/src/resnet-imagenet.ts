/** The residual networks for ImageNet (He et al., CVPR 2016, table 1), with 1x1 convolutions as shortcuts where the shape changes. */
import { InvalidArgumentError } from '@hetconv/core';
import type { LayersModel } from '@tensorflow/tfjs-layers';
import type { Architecture } from './architecture.ts';
import { buildNetwork } from './build-network.ts';
import type { ClassificationOptions } from './options.ts';
import { type ResidualStages, residualStages } from './residual-stages.ts';

/** Depths of {@link resnetImageNet}. */
export type ImageNetDepth = 18 | 34 | 50;

const DESIGNS: Readonly<Record<ImageNetDepth, Pick<ResidualStages, 'blocks' | 'block'>>> = {
  18: { blocks: [2, 2, 2, 2], block: 'basic' },
  34: { blocks: [3, 4, 6, 3], block: 'basic' },
  50: { blocks: [3, 4, 6, 3], block: 'bottleneck' },
};

/** @throws InvalidArgumentError */
export function resnetImageNetArchitecture(depth: ImageNetDepth): Architecture {
  const design = DESIGNS[depth];
  if (design === undefined) throw new InvalidArgumentError('resnetImageNet', 'depth', depth, '18, 34 or 50');
  return {
    name: `resnet${depth}-imagenet`,
    title: `ResNet-${depth} for ImageNet`,
    inputShape: [224, 224, 3],
    classes: 1000,
    leastSize: 32,
    features(net, image) {
      const stem = net.stem(image, 'conv1', { filters: 64, kernelSize: 7, strides: 2 });
      const pooled = net.maxPool(stem, 'pool1', { size: 3, strides: 2, padding: 'same' });
      const stages = { ...design, widths: [64, 128, 256, 512], shortcut: 'projection' } as const;
      return net.averagePool(residualStages(net, pooled, stages), 'pool');
    },
  };
}

/**
 * ResNet for 224x224 images: a 7x7 convolution with stride 2, a 3x3 max pool with stride 2, four stages of blocks - two 3x3
 * convolutions, or in ResNet-50 a 3x3 between two 1x1 -, global average pooling, dense classes. Only the 3x3 convolutions are of
 * the chosen kind. In ResNet-50 the stride stands in the 3x3. Output: class probabilities.
 *
 * @throws InvalidArgumentError
 */
export function resnetImageNet(depth: ImageNetDepth, options: ClassificationOptions = {}): LayersModel {
  return buildNetwork(resnetImageNetArchitecture(depth), options);
}
