import { UnsupportedError } from '@hetconv/core';
import { input, layers, model, sequential, type SymbolicTensor } from '@tensorflow/tfjs-layers';
import { beforeAll, describe, expect, it } from 'vitest';
import { CONV_KINDS, convBlock, type ConvKind, dualConv2d, hetConv2d, modelCosts } from '../src/index.ts';
import { useCpu } from './backend.ts';

beforeAll(useCpu);

/** Costs of one layer on an image of the given shape. */
function costsOf(layer: layers.Layer, inputShape: number[], convention: 'mac' | 'paper' = 'mac') {
  const x = input({ shape: inputShape });
  const { total, layers: rows } = modelCosts(model({ inputs: x, outputs: layer.apply(x) as SymbolicTensor }), {
    convention,
  });
  return { ...total, rows };
}

describe('stock layers', () => {
  const cases: [string, layers.Layer, number[], { macs: number; convMacs: number; params: number; paper: number }][] = [
    [
      'conv2d',
      layers.conv2d({ filters: 5, kernelSize: [3, 2], strides: 2 }),
      [9, 8, 4], // to 4 x 4
      { macs: 16 * 5 * 6 * 4, convMacs: 16 * 5 * 6 * 4, params: 5 * 24 + 5, paper: 16 * 5 * 25 },
    ],
    [
      'conv2d channels first',
      layers.conv2d({ filters: 5, kernelSize: 3, dataFormat: 'channelsFirst', padding: 'same' }),
      [4, 6, 7],
      { macs: 42 * 5 * 36, convMacs: 42 * 5 * 36, params: 185, paper: 42 * 5 * 37 },
    ],
    [
      'conv1d',
      layers.conv1d({ filters: 3, kernelSize: 4 }),
      [10, 2],
      { macs: 168, convMacs: 168, params: 27, paper: 189 },
    ],
    [
      'conv3d',
      layers.conv3d({ filters: 2, kernelSize: 2 }),
      [3, 3, 3, 2],
      { macs: 8 * 2 * 16, convMacs: 256, params: 34, paper: 256 + 16 },
    ],
    [
      'conv2dTranspose',
      layers.conv2dTranspose({ filters: 3, kernelSize: 2, strides: 2 }),
      [4, 5, 6],
      { macs: 20 * 6 * 4 * 3, convMacs: 1440, params: 75, paper: 1440 + 80 * 3 },
    ],
    [
      'depthwiseConv2d',
      layers.depthwiseConv2d({ kernelSize: 3, depthMultiplier: 2, padding: 'same' }),
      [4, 4, 3],
      { macs: 16 * 6 * 9, convMacs: 864, params: 60, paper: 16 * 6 * 10 },
    ],
    [
      'separableConv2d',
      layers.separableConv2d({ filters: 7, kernelSize: 3, depthMultiplier: 2, padding: 'same' }),
      [4, 4, 3],
      { macs: 16 * (6 * 9 + 6 * 7), convMacs: 1536, params: 54 + 42 + 7, paper: 16 * (60 + 49) },
    ],
    ['dense', layers.dense({ units: 4 }), [6], { macs: 24, convMacs: 0, params: 28, paper: 24 }],
    ['dense over rows', layers.dense({ units: 4 }), [3, 6], { macs: 72, convMacs: 0, params: 28, paper: 72 }],
    ['batchNormalization', layers.batchNormalization(), [4, 4, 3], { macs: 0, convMacs: 0, params: 12, paper: 0 }],
    ['prelu', layers.prelu(), [4, 4, 3], { macs: 0, convMacs: 0, params: 48, paper: 0 }],
    ['maxPooling2d', layers.maxPooling2d({ poolSize: 2 }), [4, 4, 3], { macs: 0, convMacs: 0, params: 0, paper: 0 }],
  ];
  for (const [name, layer, shape, { paper, ...expected }] of cases) {
    it(`${name}, counted by hand`, () => {
      expect(costsOf(layer, shape)).toMatchObject({ ...expected, bytes: 4 * expected.params });
      expect(costsOf(layer, shape, 'paper').macs).toBe(paper);
    });
  }
});

describe('HetConv and its baselines', () => {
  it('ragged P is counted pair by pair, filler is no parameter but takes bytes', () => {
    // M = 5, N = 4, P = 3: residues of the inputs have 2, 2, 1 channels, those of the filters 2, 1, 1.
    const pairs = 2 * 2 + 2 * 1 + 1 * 1;
    const costs = costsOf(hetConv2d({ filters: 4, kernelSize: 3, part: 3 }), [6, 6, 5]);
    expect(costs.macs).toBe(16 * (20 + 8 * pairs));
    expect(costs.params).toBe(20 + 8 * pairs + 4);
    expect(costs.bytes).toBe(4 * (20 + 8 * 2 * 4 + 4));
  });

  describe('each kind, at stride 2', () => {
    const [M, N, P, K2, positions] = [8, 12, 4, 9, 9];
    const formulas: Record<ConvKind, { macs: number; paper: number }> = {
      standard: { macs: M * N * K2, paper: N * (M * K2 + 1) },
      hetconv: { macs: M * N * (1 + (K2 - 1) / P), paper: N * (M * K2 + 1) * (1 / P + (1 - 1 / P) / K2) },
      'gwc-pwc': { macs: (M * M * K2) / P + M * N, paper: (M * M * K2) / P + M + M * N + N },
      'dwc-pwc': { macs: M * K2 + M * N, paper: M * K2 + M + M * N + N },
      pwc: { macs: M * N, paper: M * N + N },
      dualconv: { macs: (M * N * K2) / P + M * N, paper: (M * N * K2) / P + M * N + 2 * N },
    };
    for (const kind of CONV_KINDS) {
      it(`${kind} by its formula`, () => {
        const x = input({ shape: [6, 6, M] });
        const block = { kind, part: P, filters: N, kernelSize: 3, strides: 2, padding: 'same', name: 'c' } as const;
        const net = model({ inputs: x, outputs: convBlock(x, block) });
        expect(modelCosts(net).total.convMacs).toBe(positions * formulas[kind].macs);
        const paper = modelCosts(net, { convention: 'paper' }).total;
        expect(paper.macs).toBeCloseTo(positions * formulas[kind].paper, 6);
        expect(paper.paperMillions).toBe(Math.floor(paper.macs / 1e4) / 100);
      });
    }
  });

  it('DualConv has the multiply-adds of HetConv plus the own-group anchors', () => {
    const het = costsOf(hetConv2d({ filters: 8, kernelSize: 3, part: 4 }), [6, 6, 8]).macs;
    const dual = costsOf(dualConv2d({ filters: 8, kernelSize: 3, groups: 4 }), [6, 6, 8]).macs;
    expect(dual - het).toBe((16 * 8 * 8) / 4);
  });
});

const conv = (name: string) => layers.conv2d({ filters: 3, kernelSize: 3, padding: 'same', useBias: false, name });

const count = () => costsOf(layers.lstm({ units: 4, name: 'memory', recurrentInitializer: 'zeros' }), [5, 3]);

describe('the walk', () => {
  it('unfolds nested models and counts a shared layer once in parameters, each time in multiply-adds', () => {
    const inner = sequential({ name: 'inner', layers: [layers.inputLayer({ inputShape: [8, 8, 3] }), conv('deep')] });
    const [a, b, shared] = [input({ shape: [8, 8, 3] }), input({ shape: [8, 8, 3] }), conv('shared')];
    const sum = layers.add({ name: 'sum' }).apply([shared.apply(a), shared.apply(b)] as SymbolicTensor[]);
    const net = model({ inputs: [a, b], outputs: inner.apply(sum) as SymbolicTensor });
    const { layers: rows, total } = modelCosts(net);
    const macs = 64 * 3 * 27;
    expect(rows.map(({ name, macs: own, params }) => [name, own, params])).toEqual([
      ['shared', 2 * macs, 81],
      ['sum', 0, 0],
      ['inner/deep', macs, 81],
    ]);
    expect(total).toEqual({ convMacs: 3 * macs, macs: 3 * macs, params: 162, bytes: 648 });
  });

  it('a nested model at another size than it was made for', () => {
    const open = input({ shape: [null, null, 3] });
    const inner = model({ inputs: open, outputs: conv('c').apply(open) as SymbolicTensor, name: 'inner' });
    const x = input({ shape: [4, 6, 3] });
    const net = model({ inputs: x, outputs: inner.apply(x) as SymbolicTensor });
    expect(modelCosts(net).total.macs).toBe(24 * 81);
    expect(() => modelCosts(inner)).toThrow(/inputShape/);
    expect(modelCosts(inner, { inputShape: [null, 5, 5, 3] }).total.macs).toBe(25 * 81);
    expect(() => modelCosts(inner, { inputShape: [null, 5, 5, 4] })).toThrow(/inputShape must be shapes that fit/);
    const het = hetConv2d({ filters: 3, kernelSize: 3, part: 1 });
    const openHet = model({ inputs: open, outputs: het.apply(open) as SymbolicTensor });
    expect(() => modelCosts(openHet)).toThrow(/inputShape/);
  });

  it('does not count applications in other models', () => {
    const shared = conv('shared');
    const [a, b] = [input({ shape: [4, 4, 3] }), input({ shape: [8, 8, 3] })];
    const small = model({ inputs: a, outputs: shared.apply(a) as SymbolicTensor });
    const large = model({ inputs: b, outputs: shared.apply(b) as SymbolicTensor });
    expect(modelCosts(small).total.macs).toBe(16 * 81);
    expect(modelCosts(large).total.macs).toBe(64 * 81);
  });

  it('an unknown layer with weights is an error, never 0', () => {
    expect(count).toThrow(UnsupportedError);
    expect(count).toThrow(/'memory'.*LSTM.*layerCosts/);
  });
});
