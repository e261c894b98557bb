/**
 * MobileNetV1 (Howard et al. 2017, table 1, width 1), one convolution of any kind in place of each depthwise + 1x1 block, as the
 * paper compares them. Kind 'dwc-pwc' is the original network.
 */
import type { LayersModel } from '@tensorflow/tfjs-layers';
import type { Architecture, Network } from './architecture.ts';
import { buildNetwork } from './build-network.ts';
import type { ClassificationOptions } from './options.ts';

/** Filters and stride of the 13 blocks. */
const BLOCKS: readonly (readonly [filters: number, strides: number])[] = [
  [64, 1],
  [128, 2],
  [128, 1],
  [256, 2],
  [256, 1],
  [512, 2],
  [512, 1],
  [512, 1],
  [512, 1],
  [512, 1],
  [512, 1],
  [1024, 2],
  [1024, 1],
];

function features<X>(net: Network<X>, image: X, stemStrides: number): X {
  let x = net.stem(image, 'conv1', { filters: 32, strides: stemStrides });
  for (const [index, [filters, strides]] of BLOCKS.entries()) {
    const name = `block${index + 1}`;
    x = net.excite(net.conv(x, name, { filters, strides, normalizedPair: true }), name);
  }
  return net.averagePool(x, 'pool');
}

export const MOBILENET_IMAGENET: Architecture = {
  name: 'mobilenet-imagenet',
  title: 'MobileNetV1 for ImageNet',
  inputShape: [224, 224, 3],
  classes: 1000,
  leastSize: 32,
  features: (net, image) => features(net, image, 2),
};

export const MOBILENET_CIFAR: Architecture = {
  name: 'mobilenet-cifar',
  title: 'MobileNetV1 for CIFAR',
  inputShape: [32, 32, 3],
  classes: 10,
  leastSize: 16,
  features: (net, image) => features(net, image, 1),
};

/**
 * MobileNetV1 for 224x224 images: a 3x3 convolution with stride 2, 13 blocks, global average pooling, dense classes.
 * Output: class probabilities.
 *
 * @throws InvalidArgumentError
 */
export function mobilenetImageNet(options: ClassificationOptions = {}): LayersModel {
  return buildNetwork(MOBILENET_IMAGENET, options);
}

/**
 * MobileNetV1 for 32x32 images: as {@link mobilenetImageNet}, but the first convolution keeps the size, so that 2x2 pixels are left to
 * pool where the original leaves 1. Output: class probabilities.
 *
 * @throws InvalidArgumentError
 */
export function mobilenetCifar(options: ClassificationOptions = {}): LayersModel {
  return buildNetwork(MOBILENET_CIFAR, options);
}
