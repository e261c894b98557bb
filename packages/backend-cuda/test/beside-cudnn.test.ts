/** The benchmark beside cuDNN: on the emulator, with a stand-in for PyTorch. Its figures mean nothing here; that it has them all does. */
import { execFileSync, spawnSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { planHetConv } from '@hetconv/core';
import { describe, expect, it } from 'vitest';
import { floorMs, peakOf } from '../bench/floor.ts';
import { layersOf } from '../bench/layers.ts';
import { measure } from '../bench/measure.ts';
import { Peer } from '../bench/peer.ts';
import { markdownOf, type Result } from '../bench/table.ts';
import { chooseEmulator } from './emulator.ts';

const standIn = fileURLToPath(new URL('stand-in-peer.ts', import.meta.url));
const script = fileURLToPath(new URL('../bench/torch-peer.py', import.meta.url));

const layers = layersOf({ batches: [2], parts: [1, 4, 'M'], quick: true });

async function measured(peer: Peer | undefined, seconds = 60): Promise<Result> {
  try {
    const quiet = { rounds: 2, seconds, note: () => {}, onResult: () => Promise.resolve() };
    return await measure({ layers, ...quiet, ...(peer === undefined ? {} : { peer }) });
  } finally {
    peer?.close();
  }
}

const peer = (...flags: string[]): Peer => new Peer([process.execPath, standIn, ...flags]);

describe('turns with a peer', () => {
  it('gives every figure of a row', async (context) => {
    const reason = await chooseEmulator();
    if (reason !== undefined) context.skip(reason);
    const result = await measured(peer());
    expect(result.failures).toEqual([]);
    expect(result.rows.map(({ part }) => part)).toEqual([1, 4, 8]);
    for (const row of result.rows) {
      expect(row.overCudnnDense?.value).toBeCloseTo(Number(row.cudnnDenseMs) / row.ms, 9);
      expect(row.cudnnDenseMs).toBeGreaterThan(999);
      expect(row.denseShareOfCudnn?.value).toBeGreaterThan(1);
      expect(row.cudnnTf32Ms).toBeGreaterThan(999);
      expect(row.cudnnGroupedMs === null).toBe(row.part === 1);
      expect(row.torchHetConvMs === null).toBe(row.part === 1);
      expect(row.worstRatio).toBeLessThan(8);
      expect(row.floorMs).toBe(null); // the emulator has no clocks
    }
    const text = markdownOf(result);
    expect(text).toContain('cuDNN 0 through PyTorch 0');
    expect(text.split('\n').filter((line) => line.startsWith('| 6x6x8'))).toHaveLength(3);
  });

  it.for([
    ['--imprecise', /an error of 0\.001 beside float64 is not that of float32/],
    ['--mortal', /The peer ended at 'layer'.*out of breath/s],
  ] as const)('a peer that fails (%s) costs its layer, and is told', async ([flag, message], context) => {
    const reason = await chooseEmulator();
    if (reason !== undefined) context.skip(reason);
    const { rows, failures } = await measured(peer(flag));
    expect(rows).toEqual([]);
    expect(failures).toEqual([expect.stringMatching(message)]);
  });

  it('without one our own are measured, and the reason is told', async (context) => {
    const reason = await chooseEmulator();
    if (reason !== undefined) context.skip(reason);
    const result = await measured(new Peer(['no-such-python']));
    expect(result.peer).toEqual({ missing: expect.stringContaining('no-such-python') });
    expect(result.rows.map(({ cudnnDenseMs }) => cudnnDenseMs)).toEqual([null, null, null]);
    expect(result.failures).toEqual([]);
  });
});

describe('torch-peer.py', () => {
  it('answers in the protocol, also where PyTorch is missing', (context) => {
    if (spawnSync('python3', ['--version']).status !== 0) context.skip('python3 is not installed');
    const input = '{"do": "hello"}\n{"do": "release"}\n';
    const lines = execFileSync('python3', [script], { input, encoding: 'utf8' }).trim().split('\n');
    expect(lines.map((line) => typeof (JSON.parse(line) as { ok: unknown }).ok)).toEqual(['boolean', 'boolean']);
  });
});

describe('the floor', () => {
  const h100 = {
    name: 'NVIDIA H100 80GB HBM3',
    computeCapability: 9,
    multiprocessors: 132,
    memoryBytes: 8e10,
    clockMHz: 1980,
    memoryClockMHz: 2619,
    memoryBusBits: 5120,
    l2Bytes: 52428800,
    driver: '13.0',
  };

  it('has the peaks of the data sheet', () => {
    const peak = peakOf(h100);
    expect(peak?.gflops).toBeCloseTo(66_908, -1);
    expect(peak?.gigabytes).toBeCloseTo(3352, 0);
  });

  it('is of operations for a deep layer, of bytes for a flat one', () => {
    const peak = { gflops: 1000, gigabytes: 100 };
    const layer = { height: 16, width: 16, in: 256, out: 256, kernel: 3, stride: 1, batch: 2, parts: [1] };
    const plan = planHetConv({ inputShape: [2, 16, 16, 256], outChannels: 256, part: 1, kernelSize: 3, pad: 'same' });
    const macs = 16 * 16 * 256 * 256 * (plan.ringTaps + 1);
    expect(floorMs(peak, layer, macs, 9 * 256 * 256)).toBeCloseTo((2 * 2 * macs) / 1e9, 9);
    expect(floorMs(peak, layer, 1, 0)).toBeCloseTo((4 * 2 * 16 * 16 * 512) / 1e8, 9);
  });
});

it('the list has the layers that were set out, each once', () => {
  const list = layersOf({ batches: [1, 32, 128], parts: [1, 4, 8, 64, 'M'] });
  const names = list.map(({ height, in: channels, stride, batch }) => [height, channels, stride, batch].join());
  expect(new Set(names).size).toBe(list.length);
  for (const wanted of ['16,256,1,128', '112,64,1,32', '56,128,1,1', '28,256,1,128', '14,512,1,128']) {
    expect(names).toContain(wanted);
  }
  expect(list.find(({ in: channels }) => channels === 16)?.parts).toEqual([1, 4, 8, 16]);
});
