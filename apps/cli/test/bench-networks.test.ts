/** Which networks `hetconv bench model` measures, and where their weights come from. */
import '@tensorflow/tfjs-backend-cpu';
import { classificationModel } from '@hetconv/zoo-classification';
import { describe, expect, it } from 'vitest';
import { networkChoices, trainedNetworks } from '../src/commands/bench-networks.ts';
import { labelNumbers, loadImages } from '../src/images/load.ts';

const resnet = classificationModel('resnet20-cifar');

it('are the kind at every P, then its peers, those without P once', () => {
  expect(networkChoices('hetconv', '4,M,4', 'pwc,gwc-pwc,hetconv')).toEqual([
    { kind: 'hetconv', part: 4 },
    { kind: 'hetconv', part: 'channels' },
    { kind: 'pwc', part: 'none' },
    { kind: 'gwc-pwc', part: 4 },
    { kind: 'gwc-pwc', part: 'channels' },
  ]);
});

describe('trained weights', () => {
  it('are loaded for every network and the standard twin, with what they were trained on', async () => {
    const choices = networkChoices('hetconv', '4,64', undefined);
    const { models, standard, stamp, trainings } = await trainedNetworks(
      resnet,
      choices,
      'pretrained',
      'fashion-mnist',
    );
    expect(models.map(({ part, model }) => [part, model.countParams() < standard.countParams()])).toEqual([
      [4, true],
      [64, true],
    ]);
    expect(stamp).toMatchObject({ dataset: 'fashion-mnist', normalization: { mean: expect.any(Array) } });
    expect(Object.keys(trainings)).toEqual(['standard', 'hetconv P=4', 'hetconv P=64']);

    const { images, labels = [] } = await loadImages('fixture', resnet.inputShape, 3, stamp);
    expect(labelNumbers(labels, stamp.classNames)).toEqual([9, 2, 1]); // ankle boot, pullover, trouser
    expect(labelNumbers(labels, ['Cat', 'Dog'])).toBeUndefined();
    const darkest = Math.min(...images.dataSync());
    expect(darkest).toBe(
      Math.min(...stamp.normalization.mean.map((mean, i) => Math.fround(-mean / stamp.normalization.std[i]))),
    );
  });

  it.each([
    ['OUT', /--weights: 'OUT' must be 'pretrained' or 'pretrained:DATASET'/],
    ['pretrained:cifar11', /resnet20-cifar, standard, on cifar11\. There are:\n.*, on /],
  ])('are refused: %s', async (asked, message) => {
    const choices = networkChoices('hetconv', '4', undefined);
    await expect(trainedNetworks(resnet, choices, asked, undefined)).rejects.toThrow(message);
  });
});
