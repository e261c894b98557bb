import { CONV_KINDS } from '@hetconv/layers';
import type { LayersModel, SymbolicTensor } from '@tensorflow/tfjs-layers';
import { beforeAll, describe, expect, it } from 'vitest';
import {
  type Architecture,
  buildNetwork,
  classificationModel,
  classificationModels,
  type ClassificationOptions,
  distinctLayers,
  withSqueezeExcitation,
} from '../src/index.ts';
import { planNetwork } from '../src/network-plan.ts';
import { useCpu } from './backend.ts';

beforeAll(useCpu);

const tiny = (name: string, options: ClassificationOptions = {}): LayersModel =>
  classificationModel(name).build({ inputShape: [32, 32, 3], classes: 2, ...options });

/** Each layer whose name matches: class, name, what goes in. */
function wiring(model: LayersModel, names: RegExp): string[] {
  const found = model.layers.filter(({ name }) => names.test(name));
  return found.map((layer) => {
    const sources = layer.inboundNodes.flatMap((node) => node.inboundLayers.map(({ name }) => name));
    return `${layer.getClassName()} ${layer.name} <- ${sources.join(' ')}`;
  });
}

describe('wiring', () => {
  const cases: [string, string, ClassificationOptions, RegExp, string[]][] = [
    [
      'a block that changes shape, option A: the branch is scaled, then added',
      'se-resnet20-cifar',
      {},
      /^stage2_block1/,
      [
        'HetConv2D stage2_block1_conv1 <- stage1_block3_relu',
        'BatchNormalization stage2_block1_conv1_bn <- stage2_block1_conv1',
        'Activation stage2_block1_conv1_relu <- stage2_block1_conv1_bn',
        'HetConv2D stage2_block1_conv2 <- stage2_block1_conv1_relu',
        'BatchNormalization stage2_block1_conv2_bn <- stage2_block1_conv2',
        'GlobalAveragePooling2D stage2_block1_se_squeeze <- stage2_block1_conv2_bn',
        'Dense stage2_block1_se_reduce <- stage2_block1_se_squeeze',
        'Dense stage2_block1_se_expand <- stage2_block1_se_reduce',
        'Reshape stage2_block1_se_gate <- stage2_block1_se_expand',
        'Multiply stage2_block1_se_scale <- stage2_block1_conv2_bn stage2_block1_se_gate',
        'IdentityShortcut stage2_block1_shortcut <- stage1_block3_relu',
        'Add stage2_block1_add <- stage2_block1_se_scale stage2_block1_shortcut',
        'Activation stage2_block1_relu <- stage2_block1_add',
      ],
    ],
    [
      'a bottleneck that changes shape, option B: 1x1 layers standard, no ReLU on either way before the sum',
      'resnet50-imagenet',
      {},
      /^stage2_block1/,
      [
        'Conv2D stage2_block1_conv1 <- stage1_block3_relu',
        'BatchNormalization stage2_block1_conv1_bn <- stage2_block1_conv1',
        'Activation stage2_block1_conv1_relu <- stage2_block1_conv1_bn',
        'HetConv2D stage2_block1_conv2 <- stage2_block1_conv1_relu',
        'BatchNormalization stage2_block1_conv2_bn <- stage2_block1_conv2',
        'Activation stage2_block1_conv2_relu <- stage2_block1_conv2_bn',
        'Conv2D stage2_block1_conv3 <- stage2_block1_conv2_relu',
        'Conv2D stage2_block1_shortcut <- stage1_block3_relu',
        'BatchNormalization stage2_block1_conv3_bn <- stage2_block1_conv3',
        'BatchNormalization stage2_block1_shortcut_bn <- stage2_block1_shortcut',
        'Add stage2_block1_add <- stage2_block1_conv3_bn stage2_block1_shortcut_bn',
        'Activation stage2_block1_relu <- stage2_block1_add',
      ],
    ],
    [
      'a block that keeps the shape has no layer on its shortcut',
      'resnet34-imagenet',
      { convKind: 'pwc' },
      /^stage4_block2_(conv1|conv2_bn|add|shortcut)$/,
      [
        'Conv2D stage4_block2_conv1 <- stage4_block1_relu',
        'BatchNormalization stage4_block2_conv2_bn <- stage4_block2_conv2',
        'Add stage4_block2_add <- stage4_block2_conv2_bn stage4_block1_relu',
      ],
    ],
    [
      'the original block of MobileNet, normalised twice',
      'mobilenet-imagenet',
      { convKind: 'dwc-pwc' },
      /^block2/,
      [
        'GroupedConv2D block2_depthwise <- block1_relu',
        'BatchNormalization block2_depthwise_bn <- block2_depthwise',
        'Activation block2_depthwise_relu <- block2_depthwise_bn',
        'Conv2D block2_pointwise <- block2_depthwise_relu',
        'BatchNormalization block2_bn <- block2_pointwise',
        'Activation block2_relu <- block2_bn',
      ],
    ],
    [
      'one HetConv in its place',
      'se-mobilenet-cifar',
      {},
      /^block2(_bn|_relu|_se_scale)?$/,
      [
        'HetConv2D block2 <- block1_se_scale',
        'BatchNormalization block2_bn <- block2',
        'Activation block2_relu <- block2_bn',
        'Multiply block2_se_scale <- block2_relu block2_se_gate',
      ],
    ],
    [
      'VGG: squeeze-and-excitation after each ReLU; dropout behind the dense layers',
      'se-vgg16-imagenet',
      { convKind: 'gwc-pwc' },
      /^(conv5_3|pool5|flatten|fc|logits|probabilities)/,
      [
        'GroupedConv2D conv5_3_grouped <- conv5_2_se_scale',
        'Conv2D conv5_3_pointwise <- conv5_3_grouped',
        'BatchNormalization conv5_3_bn <- conv5_3_pointwise',
        'Activation conv5_3_relu <- conv5_3_bn',
        'GlobalAveragePooling2D conv5_3_se_squeeze <- conv5_3_relu',
        'Dense conv5_3_se_reduce <- conv5_3_se_squeeze',
        'Dense conv5_3_se_expand <- conv5_3_se_reduce',
        'Reshape conv5_3_se_gate <- conv5_3_se_expand',
        'Multiply conv5_3_se_scale <- conv5_3_relu conv5_3_se_gate',
        'MaxPooling2D pool5 <- conv5_3_se_scale',
        'Flatten flatten <- pool5',
        'Dense fc1 <- flatten',
        'Dropout fc1_dropout <- fc1',
        'Dense fc2 <- fc1_dropout',
        'Dropout fc2_dropout <- fc2',
        'Dense logits <- fc2_dropout',
        'Softmax probabilities <- logits',
      ],
    ],
  ];
  it.each(cases)('%s', (_, name, options, names, expected) => {
    const model = tiny(name, options);
    expect(wiring(model, names)).toEqual(expected);
    model.dispose();
  });
});

const pair = (side: number): number[] => [side, side];

describe('plans', () => {
  const plain = classificationModels.filter(({ reduction }) => reduction === undefined);
  it.each(plain.map(({ name }) => name))('%s: the planned layers are the built ones, shape by shape', (name) => {
    const inputShape = [45, 38, 3] as const; // odd sizes, to tell roundings apart
    const entry = classificationModel(name);
    const options = { inputShape, part: 8, classes: 2 };
    const { replaced } = planNetwork(entry, options);
    const model = entry.build(options);
    const built = model.layers.filter((layer) => layer.getClassName() === 'HetConv2D');
    const facts = built.map((layer) => {
      const { name: layerName, filters, kernelSize, strides, part } = layer.getConfig();
      return {
        name: layerName,
        inputShape: (layer.input as SymbolicTensor).shape.slice(1),
        filters,
        kernelSize,
        strides,
        part,
      };
    });
    expect(facts).toEqual(
      replaced.map((conv) => ({ ...conv, kernelSize: pair(conv.kernelSize), strides: pair(conv.strides) })),
    );
    model.dispose();
  });
});

describe.each(CONV_KINDS)('kind %s', (convKind) => {
  it.each([1, 2, 4, 8, 16, 32, 'channels'] as const)('fits every network at P = %s', (part) => {
    for (const model of classificationModels) {
      const { replaced } = planNetwork(model, { convKind, part });
      const expected = (channels: number): number => (part === 'channels' ? channels : Math.min(part, channels));
      expect(replaced.map((conv) => conv.part)).toEqual(replaced.map((conv) => expected(conv.inputShape[2])));
    }
  });
});

/** The network of the README. */
const small: Architecture = {
  name: 'three-layers',
  title: 'Three layers',
  inputShape: [28, 28, 1],
  classes: 10,
  leastSize: 4,
  features(net, image) {
    const a = net.stem(image, 'conv1', { filters: 16 });
    const b = net.excite(net.conv(a, 'conv2', { filters: 32, strides: 2 }), 'conv2');
    const c = net.conv(net.maxPool(b, 'pool', { size: 2 }), 'conv3', { filters: 32 });
    return net.averagePool(c, 'features');
  },
};

describe('an architecture of your own', () => {
  it.each(CONV_KINDS)('has kind %s', (convKind) => {
    const model = buildNetwork(small, { convKind, part: 8 });
    expect(model.outputs[0].shape).toEqual([null, 10]);
    model.dispose();
  });

  it('has squeeze-and-excitation with any r, and layers that are planned', () => {
    const model = buildNetwork(withSqueezeExcitation(small, 12));
    expect(model.name).toBe('se-three-layers');
    expect(withSqueezeExcitation(withSqueezeExcitation(small), 12)).toEqual(withSqueezeExcitation(small, 12));
    expect(model.getLayer('conv2_se_reduce').outputShape).toEqual([null, 2]);
    expect(model.getUserDefinedMetadata()).toMatchObject({ hetconv: { model: 'se-three-layers', reduction: 12 } });
    expect(distinctLayers({ models: [small], parts: [8] })).toEqual([
      {
        name: 'three-layers/conv2/p8',
        request: { inputShape: [1, 28, 28, 16], outChannels: 32, part: 8, kernelSize: 3, strides: 2, pad: 'same' },
      },
      {
        name: 'three-layers/conv3/p8',
        request: { inputShape: [1, 7, 7, 32], outChannels: 32, part: 8, kernelSize: 3, strides: 1, pad: 'same' },
      },
    ]);
    model.dispose();
  });
});
