import { parseHTML } from 'linkedom';
import { describe, expect, it } from 'vitest';
import { layerSection } from '@hetconv/report';

describe('layerSection', () => {
  it('marks the rows in which HetConv loses', () => {
    const { document } = parseHTML('<!doctype html><html><body></body></html>');
    const row = { backend: 'cpu', variant: 'v', height: 8, width: 8, in: 8, out: 8, kernel: 3, stride: 1, batch: 1 };
    const times = { firstRunMs: 1, medianMs: 2, spreadMs: 0, gflops: 1, denseMedianMs: 1, rounds: 9, worstRatio: 1 };
    const ratios = { part: 4, macRatio: 3, speedup: 0.5, speedupLow: 0.4, speedupHigh: 0.6 };
    const rows = [{ ...row, ...times, ...ratios, depthwisePointwiseMedianMs: 1, composedMedianMs: null }];
    document.body.innerHTML = layerSection({ environment: { cpu: '<b>' }, rows }, document);
    expect(document.querySelector('.loss')?.textContent).toBe('0.500x');
    expect(document.querySelector('dd')?.textContent).toBe('<b>');
    expect(document.querySelector('svg')).not.toBeNull();
  });
});
