/** VGG-16 for small images, as the paper trains it on CIFAR-10 (its section 4.1): 13 convolutions with batch normalisation. */
import { layers, type LayersModel } from '@tensorflow/tfjs-layers';
import { apply, NetworkBuilder } from './network-builder.ts';
import { type Architecture, type ConvSpec, planNetwork } from './network-plan.ts';
import type { ClassificationOptions } from './options.ts';

/** Filters of each stage (Simonyan and Zisserman, ICLR 2015, configuration D); a 2x2 max pool ends each. */
const STAGES: readonly (readonly number[])[] = [
  [64, 64],
  [128, 128],
  [256, 256, 256],
  [512, 512, 512],
  [512, 512, 512],
];

/** All 13 convolutions by stage, named conv1_1 to conv5_3. */
function stages(inChannels: number): ConvSpec[][] {
  let channels = inChannels;
  return STAGES.map((widths, stage) =>
    widths.map((filters, index) => {
      const spec = { name: `conv${stage + 1}_${index + 1}`, inChannels: channels, filters };
      channels = filters;
      return spec;
    }),
  );
}

const VGG16_CIFAR: Architecture = {
  name: 'vgg16-cifar',
  inputShape: [32, 32, 3],
  classes: 10,
  leastSize: 32,
  replaced: (inChannels) => stages(inChannels).flat().slice(1),
};

/**
 * VGG-16 for 32x32 images: 13 convolutions, each with batch normalisation and ReLU, five max pools, dense 512, dense classes.
 * Output: class probabilities.
 *
 * @throws InvalidArgumentError
 */
export function vgg16Cifar(options: ClassificationOptions = {}): LayersModel {
  const plan = planNetwork(VGG16_CIFAR, options);
  const net = new NetworkBuilder(plan);
  let x = net.input;
  for (const [index, specs] of stages(plan.inputShape[2]).entries()) {
    for (const spec of specs) {
      x = spec.name === 'conv1_1' ? net.stem(x, spec) : net.conv(x, spec);
      x = net.relu(net.norm(x, spec.name), spec.name);
    }
    x = apply(layers.maxPooling2d({ poolSize: 2, name: `pool${index + 1}` }), x);
  }
  x = apply(layers.flatten({ name: 'flatten' }), x);
  return net.finish(net.dense(x, 'fc1', 512));
}
