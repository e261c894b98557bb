import { readFile } from 'node:fs/promises';
import { type ModelCosts, modelCosts, type Part } from '@hetconv/layers';
import { beforeAll, describe, expect, it } from 'vitest';
import { classificationModel, classificationModels, type ClassificationOptions } from '../src/index.ts';
import { planNetwork } from '../src/network-plan.ts';
import { useCpu } from './backend.ts';

beforeAll(useCpu);

const known = new Map<string, ModelCosts>();

/** Each network is built once: some have half a gigabyte of weights. */
function costs(name: string, options: ClassificationOptions, convention: 'mac' | 'paper' = 'mac'): ModelCosts {
  const key = JSON.stringify([name, options, convention]);
  const found = known.get(key) ?? count(name, options, convention);
  known.set(key, found);
  return found;
}

function count(name: string, options: ClassificationOptions, convention: 'mac' | 'paper'): ModelCosts {
  const model = classificationModel(name).build(options);
  try {
    return modelCosts(model, { convention });
  } finally {
    model.dispose();
  }
}

describe('VGG-16 on CIFAR, the published column (1 MAC = 1 FLOP, biases, millions truncated)', () => {
  const published: [number, number][] = [
    [1, 313.74],
    [2, 175.23],
    [4, 105.98],
    [8, 71.35],
    [16, 54.04],
    [32, 45.38],
    [64, 41.05],
  ];
  it.each(published)('P = %i: %f', (part, millions) => {
    expect(costs('vgg16-cifar', { part }, 'paper').total.paperMillions).toBe(millions);
  });

  it('P = 1 is the standard network', () => {
    expect(costs('vgg16-cifar', { convKind: 'standard' }, 'paper').total.paperMillions).toBe(313.74);
  });
});

describe('exact multiply-adds of the convolutions', () => {
  const vgg: [Part, number][] = [
    [1, 1769472 + 311427072],
    [2, 174784512],
    [4, 105578496],
    [8, 70975488],
    [16, 53673984],
    [32, 45023232],
    [64, 40697856],
    ['channels', 38060032],
  ];
  it.each(vgg)('VGG-16 CIFAR, P = %s: %i', (part, macs) => {
    const { total, layers } = costs('vgg16-cifar', { part });
    expect(total.convMacs).toBe(macs);
    expect(total.macs).toBe(macs + 512 * 512 + 512 * 10);
    expect(layers[0]).toMatchObject({ name: 'conv1_1', type: 'Conv2D', macs: 1769472 });
  });
});

const STANDARD = { convKind: 'standard' } as const;
const PART_4 = { part: 4 } as const;
const PART_M = { part: 'channels' } as const;

describe('multiply-adds of the convolutions that stay standard, and of the others', () => {
  const table: [string, fixed: number, standard: number, partM: number][] = [
    ['vgg16-cifar', 1769472, 311427072, 36290560],
    ['resnet56-cifar', 442368, 125042688, 18022400],
    ['vgg16-imagenet', 86704128, 15259926528, 1778237440],
    ['resnet34-imagenet', 137281536, 3525967872, 413851648],
    ['resnet50-imagenet', 2237448192, 1849688064, 216559616],
  ];
  it.each(table)('%s: %i and %i, at P = M %i', (name, fixed, standard, partM) => {
    const replaced = new Set(planNetwork(classificationModel(name), {}).replaced.map((conv) => conv.name));
    for (const [options, expected] of [
      [STANDARD, standard],
      [PART_M, partM],
    ] as const) {
      const { total, layers } = costs(name, options);
      const macs = layers.reduce((sum, layer) => sum + (replaced.has(layer.name) ? layer.macs : 0), 0);
      expect([total.convMacs - macs, macs]).toEqual([fixed, expected]);
    }
  });

  it('MobileNetV1 itself: first convolution, 1x1, depthwise', () => {
    const { layers, total } = costs('mobilenet-imagenet', { convKind: 'dwc-pwc' });
    const sum = (type: string): number =>
      layers.filter((layer) => layer.type === type).reduce((macs, layer) => macs + layer.macs, 0);
    expect(layers[0]).toMatchObject({ name: 'conv1', macs: 10838016 });
    expect(sum('Conv2D')).toBe(10838016 + 539492352);
    expect(sum('GroupedConv2D')).toBe(17385984);
    expect(total.convMacs).toBe(10838016 + 539492352 + 17385984);
  });

  it.each([
    [8, '1089.823'],
    [16, '820.077'],
    [32, '685.203'],
    ['channels', '572.006'],
  ] as const)('MobileNetV1 of HetConvs, P = %s: %s million', (part, millions) => {
    expect((costs('mobilenet-imagenet', { part }).total.convMacs / 1e6).toFixed(3)).toBe(millions);
  });
});

/** Parameters without the moments of the normalisations, which are none elsewhere. */
function trainable(name: string, options: ClassificationOptions): number {
  const { layers, total } = costs(name, options);
  const moments = layers.filter(({ type }) => type === 'BatchNormalization').map(({ params }) => params / 2);
  return total.params - moments.reduce((sum, params) => sum + params, 0);
}

describe('parameters as published', () => {
  it.each([
    ['resnet18-imagenet', 11689512], // torchvision
    ['resnet34-imagenet', 21797672], // torchvision
    ['resnet50-imagenet', 25557032], // torchvision, stride in the 3x3 ("v1.5")
    ['vgg16-imagenet', 138365992 - 4224], // torchvision's vgg16_bn, whose convolutions have biases
    ['resnet20-cifar', 269722], // 0.27 million in He et al., table 6
  ] as const)('%s, standard: %i', (name, params) => {
    expect(trainable(name, STANDARD)).toBe(params);
  });

  it('MobileNetV1: 4231976, and 4253864 with moments', () => {
    // The counts of Keras; 4.2 million in Howard et al., table 8.
    expect(trainable('mobilenet-imagenet', { convKind: 'dwc-pwc' })).toBe(4231976);
    expect(costs('mobilenet-imagenet', { convKind: 'dwc-pwc' }).total.params).toBe(4253864);
  });

  it('squeeze-and-excitation adds 2 C C / r: 2514944 to ResNet-50, to MobileNet what makes 4.2 million 4.7', () => {
    // Hu et al.: about 2.5 million more (section 4), and their table of mobile networks.
    expect(trainable('se-resnet50-imagenet', STANDARD) - trainable('resnet50-imagenet', STANDARD)).toBe(2514944);
    expect(trainable('se-mobilenet-imagenet', { convKind: 'dwc-pwc' })).toBe(4231976 + 479744);
  });
});

const readme = await readFile(new URL('../README.md', import.meta.url), 'utf8');
const rows = new Map(
  (readme.match(/^\| `\S+-(cifar|imagenet)` .*$/gm) ?? []).map((row) => {
    const [name, ...cells] = row.split('|').slice(1, -1);
    return [name.replaceAll(/[` ]/g, ''), cells.map((cell) => Number(cell.replaceAll(',', '')))];
  }),
);

describe('the table of the README', () => {
  const plain = classificationModels.filter(({ reduction }) => reduction === undefined).map(({ name }) => name);

  it('has a row for each model', () => {
    expect([...rows.keys()]).toEqual(plain);
  });

  it.each(plain)('%s', (name) => {
    const totals = [STANDARD, PART_4, PART_M].map((options) => costs(name, options).total);
    const [macs, params] = [totals.map(({ convMacs }) => convMacs), totals.map((total) => total.params)];
    expect(rows.get(name)).toEqual([...macs, ...params, addedBySqueezeExcitation(name)]);
  });
});

/** Parameters, and as many multiply-adds: each is used once an image. Independent of the size of the image. */
function addedBySqueezeExcitation(name: string): number {
  const options = name === 'vgg16-imagenet' ? ({ ...PART_M, inputShape: [32, 32, 3] } as const) : PART_M;
  const [plain, recalibrated] = [name, `se-${name}`].map((model) => costs(model, options).total);
  expect(recalibrated.convMacs).toBe(plain.convMacs);
  expect(recalibrated.macs - plain.macs).toBe(recalibrated.params - plain.params);
  return recalibrated.params - plain.params;
}

describe('the kinds at P = 4', () => {
  // Per position of a layer M to N: GWC 9MM/P + MN, DWC 9M + MN, PWC MN, DualConv MN(9/P + 1).
  const layers: [number, number, number][] = [
    [1024, 64, 64],
    [256, 64, 128],
    [256, 128, 128],
    [64, 128, 256],
    [64, 256, 256],
    [64, 256, 256],
    [16, 256, 512],
    [16, 512, 512],
    [16, 512, 512],
    [4, 512, 512],
    [4, 512, 512],
    [4, 512, 512],
  ];
  const formulas = {
    standard: (M: number, N: number) => 9 * M * N,
    hetconv: (M: number, N: number) => M * N * (1 + 8 / 4),
    'gwc-pwc': (M: number, N: number) => (9 * M * M) / 4 + M * N,
    'dwc-pwc': (M: number, N: number) => 9 * M + M * N,
    pwc: (M: number, N: number) => M * N,
    dualconv: (M: number, N: number) => M * N * (1 + 9 / 4),
  };
  it.each(Object.keys(formulas) as (keyof typeof formulas)[])('VGG-16 CIFAR, %s', (convKind) => {
    const expected = layers.reduce((sum, [positions, M, N]) => sum + positions * formulas[convKind](M, N), 1769472);
    expect(costs('vgg16-cifar', { convKind, part: 4 }).total.convMacs).toBe(expected);
  });
});
