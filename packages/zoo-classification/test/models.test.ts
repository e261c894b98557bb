import { InvalidArgumentError } from '@hetconv/core';
import { CONV_KINDS, weightDigest } from '@hetconv/layers';
import * as tf from '@tensorflow/tfjs-core';
import { beforeAll, describe, expect, it } from 'vitest';
import {
  buildNetwork,
  classificationModel,
  type ClassificationOptions,
  type ImageNetDepth,
  mobilenetCifar,
  type Notice,
  resnetCifar,
  resnetImageNet,
  vgg16Cifar,
  withSqueezeExcitation,
} from '../src/index.ts';
import { images, labels, reload, useCpu } from './backend.ts';

beforeAll(useCpu);

describe('every kind runs and trains', () => {
  it.each(CONV_KINDS)('ResNet-8, %s', async (convKind) => {
    const before = tf.memory().numTensors;
    const model = resnetCifar(8, { convKind, part: 4, inputShape: [8, 8, 3] });
    const x = images(4, 8, 'x');
    const probabilities = model.predict(x) as tf.Tensor2D;
    const sums = tf.sum(probabilities, 1);
    for (const sum of sums.dataSync()) expect(Math.abs(sum - 1)).toBeLessThan(1e-5);
    const optimizer = tf.train.sgd(0.1);
    model.compile({ optimizer, loss: 'categoricalCrossentropy' });
    const y = labels([0, 1, 2, 3], 10);
    const first = (await model.trainOnBatch(x, y)) as number;
    for (let step = 0; step < 3; step++) await model.trainOnBatch(x, y);
    expect(await model.trainOnBatch(x, y)).toBeLessThan(first);
    model.dispose();
    optimizer.dispose();
    tf.dispose([x, y, probabilities, sums]);
    expect(tf.memory().numTensors - before).toBe(0);
  });

  it('save and load: the same bits, the same outputs, and what the model is', async () => {
    const model = resnetCifar(20, { part: { default: 4, stage1_block1_conv1: 'channels' }, seed: 'a seed' });
    const loaded = await reload(model);
    expect(await weightDigest(loaded)).toBe(await weightDigest(model));
    const x = images(1, 32, 'x');
    expect((loaded.predict(x) as tf.Tensor).dataSync()).toEqual((model.predict(x) as tf.Tensor).dataSync());
    expect(loaded.getUserDefinedMetadata()).toEqual(model.getUserDefinedMetadata());
    expect(loaded.getUserDefinedMetadata()).toMatchObject({ hetconv: { model: 'resnet20-cifar', seed: 'a seed' } });
  });
});

describe('part', () => {
  it('above the channels becomes the channels, with a notice for each layer', () => {
    const notices: Notice[] = [];
    const model = resnetCifar(20, { part: 32, onNotice: (notice) => notices.push(notice) });
    // The six layers of stage 1 and the first of stage 2 have 16 input channels.
    expect(notices.map(({ layer, requested, used }) => [layer, requested, used])).toEqual(
      ['1_block1', '1_block2', '1_block3']
        .flatMap((block) => [`stage${block}_conv1`, `stage${block}_conv2`])
        .concat('stage2_block1_conv1')
        .map((layer) => [layer, 32, 16]),
    );
    expect(notices[0].message).toMatch(/part 32 exceeds the 16 input channels of stage1_block1_conv1/);
    expect(model.getLayer('stage1_block1_conv1').getConfig().part).toBe(16);
    expect(model.getLayer('stage3_block3_conv2').getConfig().part).toBe(32);
  });

  it('is of no account to kinds without parts', () => {
    const notices: Notice[] = [];
    for (const convKind of ['standard', 'dwc-pwc', 'pwc'] as const) {
      resnetCifar(8, { convKind, part: 5000, onNotice: (notice) => notices.push(notice) }).dispose();
    }
    expect(notices).toEqual([]);
  });

  it('by layer', () => {
    const model = resnetCifar(8, { part: { default: 2, stage3_block1_conv2: 'channels' } });
    expect(model.getLayer('stage3_block1_conv2').getConfig().part).toBe(64);
    expect(model.getLayer('stage3_block1_conv1').getConfig().part).toBe(2);
  });
});

/** The values of each weight of a ResNet-20, by name and shape. */
function twin(options: ClassificationOptions): Map<string, string> {
  const { weights } = resnetCifar(20, { seed: 3, ...options });
  return new Map(
    weights.map((weight) => [`${weight.originalName} ${weight.shape.join()}`, weight.read().dataSync().join()]),
  );
}

describe('seed', () => {
  it.each([
    ['resnet20-cifar', { part: 4 }, '739af603532feba32acc5b6fd646e6eeecd8e12c62a10a1922cbcf65f78ddcdc'],
    [
      'resnet20-cifar',
      { convKind: 'standard', seed: 1 },
      '9b206c93d1aa90b3cfa38e17600d0e9f1f97ec04a370553189f4bc21132d7683',
    ],
    [
      'resnet20-cifar',
      { convKind: 'dualconv', seed: 'x' },
      '348ec0726e9982e8613e199ae7b683597f0bfa4538eaba102e18b5fc4d49c2cc',
    ],
    ['vgg16-cifar', { part: 64 }, 'd31c0d7839683e5ac3e12dd88bf3a5093a106c1466c97d5ae977b3e3c4a448ca'],
    ['se-resnet20-cifar', {}, '4f5602a35d0438d5bb44e9339e259884b1c491dc7b8ca33d5bac8c814a26f045'],
    ['mobilenet-cifar', { convKind: 'dwc-pwc' }, '295078f08fab8c377b2fbd10560db31736989b4b3fc193e7feb2cda07a9000d7'],
    ['resnet18-imagenet', { part: 'channels' }, '9ccfe70387f2c114d0c53d620ee72f3df37f69213ad276b1993ed0bddb0c1a5b'],
  ] as [string, ClassificationOptions, string][])(
    '%s %o has these bits on every platform',
    async (name, options, digest) => {
      const model = classificationModel(name).build(options);
      expect(await weightDigest(model)).toBe(digest);
      model.dispose();
    },
  );

  it('twins share what they have in common, bit for bit', () => {
    const standard = twin({ convKind: 'standard' });
    for (const convKind of CONV_KINDS) {
      const other = twin({ convKind, part: 8 });
      const common = [...standard.keys()].filter((name) => other.has(name));
      expect(common).toEqual(
        expect.arrayContaining(['conv1/kernel 3,3,3,16', 'logits/kernel 64,10', 'stage1_block1_conv1_bn/gamma 16']),
      );
      for (const name of common) expect(other.get(name)).toBe(standard.get(name));
    }
    expect(twin({ part: 8 })).toEqual(twin({ part: 8 }));
    expect(twin({ part: 8 })).not.toEqual(twin({ part: 8, seed: 4 }));
  });
});

describe('refusals, each before a tensor is made', () => {
  const bad: [string, RegExp, () => unknown][] = [
    ['kind', /kind must be one of standard, hetconv/, () => vgg16Cifar({ convKind: 'het' as 'hetconv' })],
    ['part 0', /part must be a positive integer or 'channels', but was 0/, () => vgg16Cifar({ part: 0 })],
    ['part 2.5', /part must be/, () => resnetCifar(20, { part: 2.5 })],
    ['groups that do not divide', /divisor of 64 and 64.*gwc-pwc/, () => vgg16Cifar({ part: 3, convKind: 'gwc-pwc' })],
    ['an unknown layer', /layer names default, conv1_2/, () => vgg16Cifar({ part: { default: 4, conv1_1: 2 } })],
    ['no default', /with a default \(conv2_1 has none\)/, () => vgg16Cifar({ part: { conv1_2: 4 } })],
    ['classes', /classes must be an integer >= 2/, () => vgg16Cifar({ classes: 1 })],
    ['28x28', /height and width of at least 32/, () => vgg16Cifar({ inputShape: [28, 28, 1] })],
    ['a shape of two', /inputShape/, () => resnetCifar(20, { inputShape: [32, 32] as unknown as [1, 1, 1] })],
    ['depth', /6n \+ 2/, () => resnetCifar(18)],
    ['depth for ImageNet', /depth must be 18, 34 or 50, but was 20/, () => resnetImageNet(20 as ImageNetDepth)],
    [
      'groups of a block',
      /divisor of 32 and 64.*block1.*dualconv/,
      () => mobilenetCifar({ part: 12, convKind: 'dualconv' }),
    ],
    ['a 1x1 layer', /layer names/, () => resnetImageNet(50, { part: { default: 4, stage1_block1_conv1: 2 } })],
    [
      'r',
      /se-resnet20-cifar.*reduction must be a positive integer/,
      () => buildNetwork(withSqueezeExcitation(classificationModel('resnet20-cifar'), 0)),
    ],
  ];
  it.each(bad)('%s', (_, message, act) => {
    const before = tf.memory().numTensors;
    expect(act).toThrow(InvalidArgumentError);
    expect(act).toThrow(message);
    expect(tf.memory().numTensors).toBe(before);
  });

  it('other shapes that fit are fine', () => {
    expect(vgg16Cifar({ inputShape: [64, 33, 1], classes: 100 }).outputs[0].shape).toEqual([null, 100]);
    expect(resnetCifar(8, { inputShape: [28, 27, 1] }).outputs[0].shape).toEqual([null, 10]);
  });
});
