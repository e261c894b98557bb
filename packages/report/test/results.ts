/** Results to draw, made by hand: what they show is known. */
import type { BenchResult, LayerRow, ModelRow } from '@hetconv/bench';
import { parseHTML } from 'linkedom';

export function layerRow(fields: Partial<LayerRow> = {}): LayerRow {
  const { speedup = 2, part = 4 } = fields;
  return {
    backend: 'cpu',
    variant: 'forward-4x2',
    height: 8,
    width: 8,
    in: 16,
    out: 32,
    kernel: 3,
    stride: 1,
    batch: 1,
    part,
    macRatio: 3,
    firstRunMs: 1,
    medianMs: 2 / speedup,
    spreadMs: 0.1,
    gflops: 1,
    denseMedianMs: 2,
    depthwisePointwiseMedianMs: 1.5,
    groupedPointwiseMedianMs: null,
    composedMedianMs: null,
    worstRatio: 1,
    speedup,
    speedupLow: speedup * 0.9,
    speedupHigh: speedup * 1.1,
    blockSpeedups: [speedup * 0.95, speedup, speedup / 0.95],
    rounds: 15,
    ...fields,
  };
}

export function modelRow(fields: Partial<ModelRow> = {}): ModelRow {
  const { variant: _, gflops: __, ...row } = layerRow({ speedup: fields.speedup ?? 2 });
  const twin = { standardMedianMs: 2, standardSpreadMs: 0.1, standardFirstRunMs: 5, worstDifference: 1e-6 };
  return { ...row, ...twin, model: 'net-cifar', kind: 'hetconv', ...fields };
}

export const environment: BenchResult['environment'] = {
  cpu: '<b>fast</b> | *star*',
  flags: { IS_NODE: true },
  backends: { cpu: { kernels: '@hetconv/backend-cpu' } },
};

/** A document to plot with. */
export function newDocument(body = ''): Document {
  return parseHTML(`<!doctype html><html><body>${body}</body></html>`).document;
}
