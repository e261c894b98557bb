/** The residual networks for CIFAR (He et al., CVPR 2016, section 4.2): 6n + 2 layers, shortcuts without parameters. */
import { InvalidArgumentError } from '@hetconv/core';
import type { LayersModel } from '@tensorflow/tfjs-layers';
import type { Architecture } from './architecture.ts';
import { buildNetwork } from './build-network.ts';
import type { ClassificationOptions } from './options.ts';
import { residualStages } from './residual-stages.ts';

/** @throws InvalidArgumentError */
export function resnetCifarArchitecture(depth: number): Architecture {
  if (!Number.isInteger(depth) || depth < 8 || (depth - 2) % 6 !== 0) {
    const rule = '6n + 2 for a positive integer n: 20, 32, 44, 56, 110';
    throw new InvalidArgumentError('resnetCifar', 'depth', depth, rule);
  }
  const n = (depth - 2) / 6;
  return {
    name: `resnet${depth}-cifar`,
    title: `ResNet-${depth} for CIFAR`,
    inputShape: [32, 32, 3],
    classes: 10,
    leastSize: 4,
    features(net, image) {
      const stem = net.stem(image, 'conv1', { filters: 16 });
      const stages = { widths: [16, 32, 64], blocks: [n, n, n], block: 'basic', shortcut: 'sample' } as const;
      return net.averagePool(residualStages(net, stem, stages), 'pool');
    },
  };
}

/**
 * ResNet for 32x32 images: a 3x3 convolution, 3n blocks of two 3x3 convolutions with batch normalisation, global average
 * pooling, dense classes. Where a block changes shape its shortcut takes every second pixel and adds zero channels (option A),
 * so that every convolution of the network is 3x3. Output: class probabilities.
 *
 * @param depth 6n + 2: 20, 32, 44, 56, 110
 * @throws InvalidArgumentError
 */
export function resnetCifar(depth: number, options: ClassificationOptions = {}): LayersModel {
  return buildNetwork(resnetCifarArchitecture(depth), options);
}
