/** The residual networks for CIFAR (He et al., CVPR 2016, section 4.2): 6n + 2 layers, shortcuts without parameters. */
import { InvalidArgumentError } from '@hetconv/core';
import { identityShortcut } from '@hetconv/layers';
import { layers, type LayersModel, type SymbolicTensor } from '@tensorflow/tfjs-layers';
import { apply, NetworkBuilder } from './network-builder.ts';
import { type Architecture, type ConvSpec, planNetwork } from './network-plan.ts';
import type { ClassificationOptions } from './options.ts';

/** Filters of the three stages; the second and third start with stride 2. */
const WIDTHS: readonly number[] = [16, 32, 64];

/** Two convolutions and the shortcut around them. */
interface Block {
  readonly name: string;
  readonly convs: readonly [ConvSpec, ConvSpec];
}

/** The 3n blocks, named stage1_block1 to stage3_block<n>. */
function blocks(depth: number): Block[] {
  let channels = WIDTHS[0];
  return WIDTHS.flatMap((filters, stage) =>
    Array.from({ length: (depth - 2) / 6 }, (_, index): Block => {
      const name = `stage${stage + 1}_block${index + 1}`;
      const strides = stage > 0 && index === 0 ? 2 : 1;
      const first = { name: `${name}_conv1`, inChannels: channels, filters, strides };
      channels = filters;
      return { name, convs: [first, { name: `${name}_conv2`, inChannels: filters, filters }] };
    }),
  );
}

function architecture(depth: number): Architecture {
  return {
    name: `resnet${depth}-cifar`,
    inputShape: [32, 32, 3],
    classes: 10,
    leastSize: 4,
    replaced: () => blocks(depth).flatMap((block) => block.convs),
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
  if (!Number.isInteger(depth) || depth < 8 || (depth - 2) % 6 !== 0) {
    throw new InvalidArgumentError(
      'resnetCifar',
      'depth',
      depth,
      '6n + 2 for a positive integer n: 20, 32, 44, 56, 110',
    );
  }
  const plan = planNetwork(architecture(depth), options);
  const net = new NetworkBuilder(plan);
  const stem = { name: 'conv1', inChannels: plan.inputShape[2], filters: WIDTHS[0] };
  let x = net.relu(net.norm(net.stem(net.input, stem), 'conv1'), 'conv1');
  for (const block of blocks(depth)) x = residual(net, x, block);
  return net.finish(apply(layers.globalAveragePooling2d({ name: 'pool' }), x));
}

function residual(net: NetworkBuilder, x: SymbolicTensor, { name, convs }: Block): SymbolicTensor {
  const [first, second] = convs;
  const { inChannels, filters, strides } = first;
  const y = net.relu(net.norm(net.conv(x, first), first.name), first.name);
  const branch = net.norm(net.conv(y, second), second.name);
  const isSame = strides === 1 && inChannels === filters;
  const shortcut = isSame
    ? x
    : apply(identityShortcut({ filters, strides: strides ?? 1, name: `${name}_shortcut` }), x);
  return net.relu(apply(layers.add({ name: `${name}_add` }), [branch, shortcut]), name);
}
