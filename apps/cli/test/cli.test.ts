/** The command as scripts use it: a process with exit code, one JSON document on stdout, the rest on stderr. */
import { execFile } from 'node:child_process';
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, describe, expect, it } from 'vitest';

const main = fileURLToPath(new URL('../src/main.ts', import.meta.url));
const folder = mkdtempSync(join(tmpdir(), 'hetconv-cli-'));
afterAll(() => rmSync(folder, { recursive: true }));

interface Outcome {
  readonly code: number;
  readonly stdout: string;
  readonly stderr: string;
}

function hetconv(...args: string[]): Promise<Outcome> {
  return new Promise((resolve) => {
    execFile(process.execPath, [main, ...args], (error, stdout, stderr) => {
      resolve({ code: typeof error?.code === 'number' ? error.code : 0, stdout, stderr });
    });
  });
}

/** Names from the contract, separated by white space. */
function fieldNames(text: string): string[] {
  return text.trim().split(/\s+/);
}

const tiny = [
  'bench',
  'layer',
  '--size',
  '5',
  '--in',
  '4',
  '--out',
  '6',
  '--rounds',
  '2',
  '--budget',
  '1',
  '--backends',
  'cpu',
];

describe('hetconv summary', () => {
  const published = { 1: 313.74, 2: 175.23, 4: 105.98, 8: 71.35, 16: 54.04, 32: 45.38, 64: 41.05 };

  it.each(Object.entries(published))('counts VGG-16 at P=%s as the paper: %f million', async (part, millions) => {
    const { code, stdout } = await hetconv('summary', 'vgg16-cifar', '--part', part, '--convention', 'paper', '--json');
    expect(code).toBe(0);
    expect(JSON.parse(stdout)).toMatchObject({
      model: 'vgg16-cifar',
      kind: 'hetconv',
      part: Number(part),
      convention: 'paper',
      total: { paperMillions: millions },
    });
  });

  it('gives every field of the contract', async () => {
    const { stdout } = await hetconv('summary', 'resnet20-cifar', '--kind', 'dwc-pwc', '--json');
    const { total, layers } = JSON.parse(stdout) as { total: object; layers: object[] };
    expect(Object.keys(total)).toEqual(expect.arrayContaining(['convMacs', 'macs', 'params', 'bytes']));
    for (const layer of layers)
      expect(Object.keys(layer)).toEqual(expect.arrayContaining(['name', 'type', 'outputShape', 'macs', 'params']));
  });

  it('tells on stderr where P is clamped', async () => {
    const { stdout, stderr } = await hetconv('summary', 'resnet20-cifar', '--part', '64', '--json');
    expect(stderr).toMatch(/P=64 is more than the 16 input channels of \d+ layers; there P=16/);
    expect(() => JSON.parse(stdout)).not.toThrow();
  });
});

describe('hetconv bench layer', () => {
  it('gives a row with every field of the contract for each P, and a report', async () => {
    const report = join(folder, 'reports', 'layer.html');
    const { code, stdout } = await hetconv(...tiny, '--part', '1,4,M', '--json', '--report', report);
    expect(code).toBe(0);
    const { environment, rows } = JSON.parse(stdout) as { environment: object; rows: Record<string, unknown>[] };
    expect(environment).toMatchObject({ node: process.versions.node, tfjs: '4.22.0' });
    expect(rows.map(({ part }) => part)).toEqual([1, 4]);
    const fields = fieldNames(`
      backend variant height width in out kernel stride batch part
      macRatio medianMs gflops denseMedianMs depthwisePointwiseMedianMs speedup speedupLow speedupHigh worstRatio`);
    for (const row of rows) expect(Object.keys(row)).toEqual(expect.arrayContaining(fields));
    expect(readFileSync(report, 'utf8')).toMatch(/^<!doctype html>[\s\S]*<svg[\s\S]*forward-2x4-js/);
    expect(readdirSync(join(folder, 'reports'))).toEqual(['layer.html']); // no half-written file beside it
  });

  it('prints a table for people', async () => {
    const { stdout } = await hetconv(...tiny, '--part', '2');
    expect(stdout).toMatch(/backend .* MAC ratio .* speed-up/);
    expect(stdout).toMatch(/cpu .* 1\.80x/);
  });
});

it('hetconv bench model compares backends, then times a network beside its standard twin', async () => {
  const args = [
    'resnet20-cifar',
    '--part',
    '4',
    '--backends',
    'all',
    '--count',
    '2',
    '--rounds',
    '2',
    '--budget',
    '1',
    '--json',
  ];
  const { code, stdout } = await hetconv('bench', 'model', ...args);
  expect(code).toBe(0);
  const { rows } = JSON.parse(stdout) as { rows: Record<string, number>[] };
  expect(rows.map(({ backend }) => backend)).toEqual(expect.arrayContaining(['cpu', 'wasm']));
  const fields = fieldNames(`
      backend model kind part batch macRatio medianMs standardMedianMs speedup speedupLow
      speedupHigh firstRunMs standardFirstRunMs worstDifference`);
  for (const row of rows) {
    expect(Object.keys(row)).toEqual(expect.arrayContaining(fields));
    expect(row.worstDifference).toBeLessThan(1e-4);
  }
});

it('hetconv bench model --fold times both networks as they would be deployed', async () => {
  const args = ['resnet20-cifar', '--part', '4', '--backends', 'cpu', '--count', '1', '--rounds', '1', '--budget', '1'];
  const { code, stdout } = await hetconv('bench', 'model', ...args, '--fold', '--json');
  expect(code).toBe(0);
  expect(JSON.parse(stdout)).toMatchObject({ environment: { folded: true }, rows: [{ backend: 'cpu', part: 4 }] });
});

it('hetconv conformance replays one case and fails for an unknown one', async () => {
  const { stdout } = await hetconv('conformance', '--backends', 'cpu', '--families', 'adjoint', '--json');
  const report = JSON.parse(stdout) as { cases: number; backends: { cpu: { passed: number; variants: object } } };
  expect(report.backends.cpu.passed).toBe(report.cases);
  expect(Object.keys(report.backends.cpu.variants).length).toBeGreaterThan(0);
  expect((await hetconv('conformance', '--backends', 'cpu', '--case', 'no/such/case')).code).toBe(1);
});

describe('hetconv predict', () => {
  it('says that untrained labels mean nothing', async () => {
    const picture = fileURLToPath(new URL('picture.png', import.meta.url));
    const { code, stdout, stderr } = await hetconv(
      'predict',
      'resnet20-cifar',
      picture,
      picture,
      '--top',
      '2',
      '--json',
    );
    expect(code).toBe(0);
    expect(stderr).toMatch(/untrained/);
    const { images } = JSON.parse(stdout) as {
      images: { file: string; top: { label: string; probability: number }[] }[];
    };
    expect(images.map(({ top }) => top.length)).toEqual([2, 2]);
    expect(images[0].top).toEqual(images[1].top);
    expect(images[0].top[0].probability).toBeGreaterThanOrEqual(images[0].top[1].probability);
  });
});

describe('wrong usage ends with code 2 and lists what is right', () => {
  const cases: [string[], RegExp][] = [
    [['summary', 'vgg17'], /vgg16-cifar, resnet20-cifar/],
    [['summary', 'vgg16-cifar', '--kind', 'het'], /hetconv.*dwc-pwc/],
    [['summary', 'vgg16-cifar', '--part', '0'], /--part: '0' must be a positive integer or 'M'/],
    [['summary', 'vgg16-cifar', '--convention', 'flops'], /mac, paper/],
    [['summary'], /MODEL/i],
    [['sumary', 'vgg16-cifar'], /Commands: bench, conformance, summary, train, eval, predict/],
    [['bench', 'modle'], /Commands: layer, model/],
    [['bench', 'layer', '--sise', '3'], /'--sise' is not an option.*--size/],
    [[...tiny, '--part', '9'], /--part: 9 is larger than the 4 input channels/],
    [[...tiny, '--part', '1,,2'], /without empty entries/],
    [
      ['bench', 'model', 'resnet20-cifar', '--part', '4', '--backends', 'gpu'],
      /'gpu' is not known. Found: all, cpu, wasm/,
    ],
    [['conformance', '--families', 'geometrie'], /geometry/],
    [['predict', 'resnet20-cifar', 'nowhere.png'], /there is no file 'nowhere.png'/],
  ];

  it.each(cases)('%j', async (args, message) => {
    const { code, stdout, stderr } = await hetconv(...args);
    expect(stderr).toMatch(message);
    expect(code).toBe(2);
    expect(stdout).toBe('');
  });
});

it('shows help at every level', async () => {
  expect((await hetconv('--help')).stdout).toMatch(/bench\|conformance\|summary\|train\|eval\|predict/);
  expect((await hetconv('bench', '--help')).stdout).toMatch(/layer[\s\S]*model/);
  expect((await hetconv('bench', 'layer', '--help')).stdout).toMatch(/--part=<P1,P2,\.\.\|M>/);
  expect((await hetconv('--version')).stdout).toMatch(/^\d+\.\d+\.\d+/);
});
