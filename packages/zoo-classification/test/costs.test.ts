import { readFile } from 'node:fs/promises';
import { type ModelCosts, modelCosts, type Part } from '@hetconv/layers';
import { beforeAll, describe, expect, it } from 'vitest';
import { classificationModel, classificationModels, type ClassificationOptions } from '../src/index.ts';
import { useCpu } from './backend.ts';

beforeAll(useCpu);

function costs(name: string, options: ClassificationOptions, convention: 'mac' | 'paper' = 'mac'): ModelCosts {
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

  it.each([
    ['standard', 125042688],
    ['hetconv', 18022400],
  ] as const)('ResNet-56 CIFAR, %s at P = M: first convolution 442368, the others %i', (convKind, replaced) => {
    const { total, layers } = costs('resnet56-cifar', { convKind, part: 'channels' });
    expect(layers[0]).toMatchObject({ name: 'conv1', type: 'Conv2D', macs: 442368 });
    expect(total.convMacs).toBe(442368 + replaced);
  });

  it('the table of the README', async () => {
    const readme = await readFile(new URL('../README.md', import.meta.url), 'utf8');
    const rows = readme.match(/^\| `\S+-cifar` .*$/gm) ?? [];
    expect(rows).toHaveLength(classificationModels.length);
    for (const row of rows) {
      const [, name, , ...macs] = row.split('|').map((cell) => cell.trim().replaceAll('`', ''));
      const options = [{ convKind: 'standard' }, { part: 4 }, { part: 'channels' }] as const;
      expect([name, ...options.map((option) => `${costs(name, option).total.convMacs}`), '']).toEqual([name, ...macs]);
    }
  });
});

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
