/** VGG-16 (Simonyan and Zisserman, ICLR 2015, configuration D), each convolution followed by batch normalisation. */
import type { LayersModel } from '@tensorflow/tfjs-layers';
import type { Architecture, Network } from './architecture.ts';
import { buildNetwork } from './build-network.ts';
import type { ClassificationOptions } from './options.ts';

/** Filters of each stage; a 2x2 max pool ends each. */
const STAGES: readonly (readonly number[])[] = [
  [64, 64],
  [128, 128],
  [256, 256, 256],
  [512, 512, 512],
  [512, 512, 512],
];

/** The 13 convolutions, named conv1_1 to conv5_3, and the pools, flattened. */
function trunk<X>(net: Network<X>, image: X): X {
  let x = image;
  for (const [stage, widths] of STAGES.entries()) {
    for (const [index, filters] of widths.entries()) {
      const name = `conv${stage + 1}_${index + 1}`;
      x = name === 'conv1_1' ? net.stem(x, name, { filters }) : net.conv(x, name, { filters });
      x = net.excite(x, name);
    }
    x = net.maxPool(x, `pool${stage + 1}`, { size: 2 });
  }
  return net.flatten(x, 'flatten');
}

export const VGG16_CIFAR: Architecture = {
  name: 'vgg16-cifar',
  title: 'VGG-16 for CIFAR',
  inputShape: [32, 32, 3],
  classes: 10,
  leastSize: 32,
  features: (net, image) => net.dense(trunk(net, image), 'fc1', { units: 512 }),
};

export const VGG16_IMAGENET: Architecture = {
  name: 'vgg16-imagenet',
  title: 'VGG-16 for ImageNet',
  inputShape: [224, 224, 3],
  classes: 1000,
  leastSize: 32,
  features(net, image) {
    const hidden = net.dense(trunk(net, image), 'fc1', { units: 4096, dropout: 0.5 });
    return net.dense(hidden, 'fc2', { units: 4096, dropout: 0.5 });
  },
};

/**
 * VGG-16 for 32x32 images, as the paper trains it on CIFAR-10 (its section 4.1): 13 convolutions, five max pools, dense 512,
 * dense classes. Output: class probabilities.
 *
 * @throws InvalidArgumentError
 */
export function vgg16Cifar(options: ClassificationOptions = {}): LayersModel {
  return buildNetwork(VGG16_CIFAR, options);
}

/**
 * VGG-16 for 224x224 images: 13 convolutions, five max pools, two dense layers of 4096 with dropout 0.5, dense classes. The first
 * of them has 102,760,448 weights, 411 MB. Output: class probabilities.
 *
 * @throws InvalidArgumentError
 */
export function vgg16ImageNet(options: ClassificationOptions = {}): LayersModel {
  return buildNetwork(VGG16_IMAGENET, options);
}
