import { InvalidArgumentError } from '@hetconv/core';
import { CONV_KINDS, modelCosts, weightDigest } from '@hetconv/layers';
import * as tf from '@tensorflow/tfjs-core';
import { loadLayersModel, type LayersModel } from '@tensorflow/tfjs-layers';
import { beforeAll, describe, expect, it } from 'vitest';
import {
  classificationModel,
  classificationModels,
  type ClassificationOptions,
  type Notice,
  resnetCifar,
  vgg16Cifar,
} from '../src/index.ts';
import { images, useCpu } from './backend.ts';

beforeAll(useCpu);

const NAMES = ['vgg16-cifar', 'resnet20-cifar', 'resnet32-cifar', 'resnet56-cifar', 'resnet110-cifar'];

/** Saved and loaded again, through the artifacts that a file or a server would hold. */
async function reload(model: LayersModel): Promise<LayersModel> {
  let artifacts: tf.io.ModelArtifacts | undefined;
  await model.save(
    tf.io.withSaveHandler(async (saved) => {
      artifacts = saved;
      return { modelArtifactsInfo: tf.io.getModelArtifactsInfoForJSON(saved) };
    }),
  );
  return loadLayersModel(tf.io.fromMemory(structuredClone(artifacts) as tf.io.ModelArtifacts));
}

describe('registry', () => {
  it('has the names of the command line', () => {
    expect(classificationModels.map(({ name }) => name)).toEqual(NAMES);
  });

  it.each([
    ['vgg-16', 'vgg16-cifar'],
    ['ResNet20', 'resnet20-cifar'],
    ['resnet56', 'resnet56-cifar'],
  ])('%s: lists the right names and suggests %s', (wrong, right) => {
    expect(() => classificationModel(wrong)).toThrow(InvalidArgumentError);
    expect(() => classificationModel(wrong)).toThrow(`one of ${NAMES.join(', ')} (${right}?), but was '${wrong}'`);
  });

  it.each(NAMES)('%s builds at its native size under its name', (name) => {
    const model = classificationModel(name).build();
    expect(model.name).toBe(name);
    expect(model.inputs[0].shape).toEqual([null, 32, 32, 3]);
    expect(model.outputs[0].shape).toEqual([null, 10]);
    const depth = modelCosts(model).layers.filter(({ type }) => /Conv2D|Dense/.test(type)).length;
    expect(depth).toBe(name === 'vgg16-cifar' ? 15 : Number(/\d+/.exec(name)?.[0]));
    model.dispose();
  });
});

/** One-hot rows of ten classes. */
function labels(classes: number[]): tf.Tensor2D {
  return tf.tidy(() => tf.oneHot(tf.tensor1d(classes, 'int32'), 10) as tf.Tensor2D);
}

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
    const y = labels([0, 1, 2, 3]);
    const first = (await model.trainOnBatch(x, y)) as number;
    for (let step = 0; step < 3; step++) await model.trainOnBatch(x, y);
    expect(await model.trainOnBatch(x, y)).toBeLessThan(first);
    model.dispose();
    optimizer.dispose();
    tf.dispose([x, y, probabilities, sums]);
    expect(tf.memory().numTensors - before).toBe(0);
  });

  it('VGG-16, hetconv at P = 64, a training step', async () => {
    const model = vgg16Cifar({ part: 64 });
    model.compile({ optimizer: 'sgd', loss: 'categoricalCrossentropy' });
    const loss = await model.trainOnBatch(images(2, 32, 'x'), labels([3, 7]));
    expect(Number.isFinite(loss)).toBe(true);
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
