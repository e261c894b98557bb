/** The command as scripts use it: a process with exit code, one JSON document on stdout, the rest on stderr. */
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { BenchComparison, BenchResult, ModelRow } from '@hetconv/bench';
import { afterAll, describe, expect, it } from 'vitest';
import { hetconv } from './support/run.ts';
import { TINY_LAYER } from './support/tiny-layer.ts';

const folder = mkdtempSync(join(tmpdir(), 'hetconv-cli-'));
afterAll(() => rmSync(folder, { recursive: true }));

/** Names from the contract, separated by white space. */
function fieldNames(text: string): string[] {
  return text.trim().split(/\s+/);
}

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
    const { code, stdout } = await hetconv(...TINY_LAYER, '--part', '1,4,M', '--json', '--report', report);
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
    const { stdout } = await hetconv(...TINY_LAYER, '--part', '2');
    expect(stdout).toMatch(/backend .* MAC ratio .* speed-up/);
    expect(stdout).toMatch(/cpu .* 1\.80x/);
  });
});

it('hetconv bench model compares backends, then times a trained network beside its standard twin', async () => {
  const report = join(folder, 'trained.md');
  const limits = ['--count', '4', '--rounds', '2', '--budget', '1', '--json'];
  const args = ['resnet20-cifar', '--part', '4', '--weights', 'pretrained', '--backends', 'all', '--report', report];
  const { code, stdout, stderr } = await hetconv('bench', 'model', ...args, ...limits);
  expect(code).toBe(0);
  expect(stderr).toMatch(/note: pretrained weights, hetconv P=4: fashion-mnist, \d+ epochs/);
  const { environment, rows } = JSON.parse(stdout) as { environment: object; rows: Record<string, number>[] };
  expect(environment).toMatchObject({ weights: { 'hetconv P=4': expect.any(String), standard: expect.any(String) } });
  expect(rows.map(({ backend }) => backend)).toEqual(expect.arrayContaining(['cpu', 'wasm']));
  const fields = fieldNames(`
      backend model kind part batch macRatio medianMs standardMedianMs speedup speedupLow
      speedupHigh firstRunMs standardFirstRunMs worstDifference`);
  for (const row of rows) {
    expect(Object.keys(row)).toEqual(expect.arrayContaining(fields));
    expect(row.worstDifference).toBeLessThan(1e-4);
    expect(row.labelled).toBe(4);
    expect([row.accuracy, row.standardAccuracy]).toEqual([rows[0].accuracy, rows[0].standardAccuracy]);
    expect([0, 0.25, 0.5, 0.75, 1]).toContain(row.accuracy);
  }
  expect(readFileSync(report, 'utf8')).toMatch(/hetconv P=4: \d+\.\d % of 4 images right/);
});

describe('hetconv bench --compare', () => {
  const before = join(folder, 'before.json');
  const page = join(folder, 'before.html');

  it('tells changes from noise, reads JSON and reports alike, and fails on a regression if asked', async () => {
    const first = await hetconv(...TINY_LAYER, '--part', '1,4', '--report', before, '--report', page);
    expect(first.stderr).toMatch(/Report: .*before\.json\nReport: .*before\.html/);
    const saved = JSON.parse(readFileSync(before, 'utf8')) as BenchResult;

    const { code, stdout } = await hetconv(...TINY_LAYER, '--part', '1,2', '--compare', page, '--json');
    expect(code).toBe(0);
    const { comparison } = JSON.parse(stdout) as { comparison: BenchComparison };
    expect(comparison.rows.map(({ label }) => label)).toEqual(['cpu, 5x5x4 → 6, 3x3, P=1']);
    expect(comparison.onlyBefore).toEqual(['cpu, 5x5x4 → 6, 3x3, P=4']);
    expect(comparison.onlyAfter).toEqual(['cpu, 5x5x4 → 6, 3x3, P=2']);
    expect(comparison.environment).toEqual([]);

    // A past in which everything was a thousand times as fast, on another processor.
    const past = {
      environment: { ...saved.environment, cpu: 'an abacus' },
      rows: saved.rows.map((row) => ({ ...row, blockSpeedups: row.blockSpeedups.map((value) => 1000 * value) })),
    };
    writeFileSync(before, JSON.stringify(past));
    const failed = await hetconv(...TINY_LAYER, '--part', '4', '--compare', before, '--fail-on-regression');
    expect(failed.code).toBe(1);
    expect(failed.stdout).toMatch(/! 1 of 1 rows slower than before/);
    expect(failed.stderr).toMatch(/WARNING: measured elsewhere: cpu was an abacus/);
    expect(failed.stderr).toMatch(/slower than before: cpu, 5x5x4 → 6, 3x3, P=4/);
  });

  it('says what is wrong with a file before anything is measured', async () => {
    const bad = (name: string, text: string): string => {
      writeFileSync(join(folder, name), text);
      return join(folder, name);
    };
    const cases: [string, RegExp][] = [
      [join(folder, 'missing.json'), /--compare: '.*missing\.json' cannot be read: ENOENT/],
      [bad('half.json', '{"rows": ['), /is damaged: /],
      [bad('other.json', '{"rows": []}'), /is no result of hetconv bench: .*environment must be an object/],
      [bad('empty.html', '<!doctype html>'), /is a page without a result/],
    ];
    for (const [file, message] of cases) {
      const { code, stderr } = await hetconv(...TINY_LAYER, '--part', '4', '--compare', file);
      expect(stderr).toMatch(message);
      expect(code).toBe(2);
    }
  });
});

describe('lists of layers', () => {
  it('come from a file: every row in one table', async () => {
    const file = join(folder, 'layers.json');
    const layers = [
      { name: 'wide', height: 4, width: 6, in: 4, out: 2, parts: [2, 'M'] },
      { size: 5, in: 2, out: 4, stride: 2 },
    ];
    writeFileSync(file, JSON.stringify(layers));
    const limits = ['--rounds', '2', '--budget', '1', '--backends', 'cpu', '--blocks', '2'];
    const { code, stdout, stderr } = await hetconv('bench', 'layer', '--layers', file, '--part', '1,4', ...limits);
    expect(code).toBe(0);
    expect(stderr).toMatch(/5x5x2 → 4, 3x3, stride 2 has 2 input channels; P=4 is left out there/);
    expect(stdout).toMatch(/HetConv, 2 layers/);
    expect(stdout).toMatch(/of 3 rows slower than the dense convolution/);
    expect(stdout).toMatch(/cpu .* wide .* 4x6x4 → 2, 3x3/);
  });
});

it('hetconv bench model measures peers, and the layers of its networks', async () => {
  const report = join(folder, 'model.md');
  const args = [
    'resnet20-cifar',
    '--part',
    '4',
    '--backends',
    'wasm',
    '--count',
    '1',
    '--rounds',
    '1',
    '--budget',
    '1',
  ];
  const more = ['--blocks', '1', '--peers', 'pwc,gwc-pwc', '--per-layer', '--report', report, '--json'];
  const { code, stdout } = await hetconv('bench', 'model', ...args, ...more);
  expect(code).toBe(0);
  const { rows, perLayer } = JSON.parse(stdout) as BenchResult<ModelRow>;
  expect(rows.map(({ kind, part }) => [kind, part])).toEqual([
    ['hetconv', 4],
    ['pwc', 'none'],
    ['gwc-pwc', 4],
  ]);
  expect(perLayer).toMatchObject([{ part: 4, totals: [{ backend: 'wasm', layers: 18 }], left: [] }]);
  expect(perLayer?.[0].rows.map(({ count }) => count)).toEqual([6, 1, 5, 1, 5]);
  expect(readFileSync(report, 'utf8')).toMatch(/### Layer by layer, P=4/);
});

it('hetconv bench model --fold times both networks as they would be deployed, trained ones too', async () => {
  const limits = ['--backends', 'cpu', '--count', '1', '--rounds', '1', '--budget', '1'];
  const args = ['resnet20-cifar', '--part', '4', '--weights', 'pretrained:fashion-mnist', ...limits];
  const { code, stdout } = await hetconv('bench', 'model', ...args, '--fold', '--json');
  expect(code).toBe(0);
  const rows = [{ backend: 'cpu', part: 4, labelled: 1 }];
  expect(JSON.parse(stdout)).toMatchObject({ environment: { folded: true }, rows });
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
      '--kind',
      'pwc',
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
