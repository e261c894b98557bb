import { InvalidArgumentError } from '@hetconv/core';
import { modelCosts } from '@hetconv/layers';
import { beforeAll, describe, expect, it } from 'vitest';
import { classificationModel, classificationModels } from '../src/index.ts';
import { useCpu } from './backend.ts';

beforeAll(useCpu);

const PLAIN = [
  'vgg16-cifar',
  'resnet20-cifar',
  'resnet32-cifar',
  'resnet56-cifar',
  'resnet110-cifar',
  'mobilenet-cifar',
  'vgg16-imagenet',
  'resnet18-imagenet',
  'resnet34-imagenet',
  'resnet50-imagenet',
  'mobilenet-imagenet',
];
const NAMES = [...PLAIN, ...PLAIN.map((name) => `se-${name}`)];

describe('registry', () => {
  it('has the names of the command line', () => {
    expect(classificationModels.map(({ name }) => name)).toEqual(NAMES);
    expect(classificationModel('se-resnet50-imagenet').title).toBe('SE-ResNet-50 for ImageNet');
  });

  it.each([
    ['vgg-16', 'vgg16-cifar'],
    ['ResNet20', 'resnet20-cifar'],
    ['resnet56', 'resnet56-cifar'],
    ['resnet50', 'resnet50-imagenet'],
    ['se-resnet50', 'se-resnet50-imagenet'],
    ['mobilnet-imagenet', 'mobilenet-imagenet'],
    ['', 'vgg16-cifar'],
  ])("'%s': lists the right names and suggests %s", (wrong, right) => {
    expect(() => classificationModel(wrong)).toThrow(InvalidArgumentError);
    expect(() => classificationModel(wrong)).toThrow(`one of ${NAMES.join(', ')} (${right}?), but was '${wrong}'`);
  });

  /** Layers with weights on the longest path, as the names of the networks count them: 1x1 shortcuts and blocks of SE apart. */
  const depths: Readonly<Record<string, number>> = { 'vgg16-cifar': 15, 'vgg16-imagenet': 16, mobilenet: 15 };
  it.each(PLAIN)('%s builds under its name, as deep as it says', (name) => {
    const entry = classificationModel(name);
    const model = entry.build({ part: 'channels', inputShape: [entry.leastSize, entry.leastSize, 3] });
    expect(model.name).toBe(name);
    expect(model.outputs[0].shape).toEqual([null, entry.classes]);
    const weighty = modelCosts(model).layers.filter(
      ({ name: layer, type }) => /Conv2D|Dense/.test(type) && !/shortcut/.test(layer),
    );
    const [family] = name.split('-');
    expect(weighty).toHaveLength(depths[name] ?? depths[family] ?? Number(/\d+/.exec(name)?.[0]));
    model.dispose();
  });
});
