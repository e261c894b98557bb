/** `hetconv conformance` beyond a single run: files, lists, joined reports, and a backend that is not ours. */
import { execFile } from 'node:child_process';
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, relative } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, describe, expect, it } from 'vitest';

const main = fileURLToPath(new URL('../src/main.ts', import.meta.url));
const folder = mkdtempSync(join(tmpdir(), 'hetconv-conformance-'));
afterAll(() => rmSync(folder, { recursive: true }));

interface Outcome {
  readonly code: number;
  readonly stdout: string;
  readonly stderr: string;
}

function conformance(args: readonly string[], cwd = folder): Promise<Outcome> {
  return new Promise((resolve) => {
    execFile(process.execPath, [main, 'conformance', ...args], { cwd }, (error, stdout, stderr) => {
      resolve({ code: typeof error?.code === 'number' ? error.code : 0, stdout, stderr });
    });
  });
}

const cpu = ['--backends', 'cpu', '--families', 'adjoint,errors'];

describe('reports as files', () => {
  const kinds = ['html', 'md', 'xml', 'json'];

  it('are written of every kind in one run, and joined afterwards', async () => {
    const files = kinds.flatMap((kind) => ['--report', `reports/run.${kind}`]);
    const { code, stderr } = await conformance([...cpu, ...files]);
    expect(code).toBe(0);
    const read = (name: string): string => readFileSync(join(folder, 'reports', name), 'utf8');
    expect(readdirSync(join(folder, 'reports'))).toEqual(['run.html', 'run.json', 'run.md', 'run.xml']);
    for (const kind of kinds) expect(stderr).toContain(join(folder, 'reports', `run.${kind}`));
    expect(read('run.html')).toMatch(/^<!doctype html>[\s\S]*class="verdict passed"[\s\S]*adjoint/);
    expect(read('run.md')).toMatch(/^# HetConv conformance[\s\S]*\| adjoint \| \d+ passed/);
    expect(read('run.xml')).toMatch(/^<\?xml[\s\S]*<testsuite name="cpu\/adjoint"/);
    const json = JSON.parse(read('run.json')) as { matrix: { rows: { cells: string[] }[] } };
    expect(json.matrix.rows.map(({ cells }) => cells[0])).toEqual([
      expect.stringMatching(/^\d+ passed/),
      expect.stringMatching(/^\d+ passed/),
    ]);

    const joined = await conformance(['--from', 'reports/run.json,reports/run.json', '--json']);
    expect(joined.code).toBe(0);
    const { backends } = JSON.parse(joined.stdout) as { backends: object };
    expect(Object.keys(backends)).toEqual([
      expect.stringMatching(/^cpu \(Node [\d.]+ on .*\)$/),
      expect.stringMatching(/^cpu \(Node [\d.]+ on .*\) #2$/),
    ]);
  });

  it.each([
    [['--report', 'run.pdf'], /--report: 'run\.pdf' must end in \.html, \.md, \.xml, \.json/],
    [['--report'], /--report: give it a value/],
    [['--set', 'some'], /--set: 'some' is not known. Accepted: ci, full/],
    [['--from', 'nowhere.json'], /--from: 'nowhere\.json' cannot be read/],
    [['--from', main], /--from: .*main\.ts' cannot be read/],
  ])('%j is wrong usage, told before anything runs', async (args, message) => {
    const { code, stdout, stderr } = await conformance([...cpu, ...args]);
    expect(stderr).toMatch(message);
    expect({ code, stdout }).toEqual({ code: 2, stdout: '' });
  });
});

it('--list names every case once, and counts them a family and backend', async () => {
  const families = ['--families', 'tiles,memory', '--backends', 'cpu,wasm'];
  const { stdout, stderr } = await conformance(['--list', ...families]);
  const ids = stdout.trim().split('\n');
  expect(new Set(ids).size).toBe(ids.length);
  expect(stderr).toMatch(new RegExp(`family .* cpu .* wasm[\\s\\S]*${ids.length} cases`));
  const { stdout: document } = await conformance(['--list', ...families, '--json']);
  const listed = JSON.parse(document) as { families: Record<string, Record<string, number>>; cases: string[] };
  expect(listed.cases).toEqual(ids);
  expect(listed.families.tiles.wasm).toBeGreaterThan(listed.families.tiles.cpu);
  const { code, stdout: run } = await conformance(['--backends', 'cpu', '--case', ids[0], '--json']);
  expect(code).toBe(0);
  expect(JSON.parse(run)).toMatchObject({ cases: 1, backends: { cpu: { passed: 1 } } });
});

/** A project in which a package `@hetconv/backend-NAME` is installed. */
function project(name: string, entry: string): string {
  const home = join(folder, name);
  const packageFolder = join(home, 'node_modules', '@hetconv', `backend-${name}`);
  mkdirSync(packageFolder, { recursive: true });
  const manifest = { name: `@hetconv/backend-${name}`, exports: { '.': relative(packageFolder, entry) } };
  writeFileSync(join(packageFolder, 'package.json'), JSON.stringify(manifest));
  return home;
}

function ofConformance(path: string): string {
  return fileURLToPath(new URL(`../../../packages/conformance/${path}`, import.meta.url));
}

describe("a stranger's backend", () => {
  it('is found by the name of its package', async () => {
    const args = ['--backends', 'toy', '--families', 'channels,special,memory', '--json'];
    const { code, stdout } = await conformance(args, project('toy', ofConformance('examples/own-backend/index.ts')));
    expect(JSON.parse(stdout)).toMatchObject({ ok: true, backends: { toy: { failed: 0, available: true } } });
    expect(code).toBe(0);
  });

  it('with a wrong kernel fails, and the output says what and how to see it again', async () => {
    const args = ['--backends', 'wrong', '--families', 'geometry', '--report', 'wrong.html'];
    const entry = ofConformance('test/support/wrong-backend.ts');
    const { code, stdout, stderr } = await conformance(args, project('wrong', entry));
    expect(code).toBe(1);
    const smallest = 'geometry/inputGradient/k3s2x1d1p2/m5n4/same/h2w3/b1/integer';
    expect(stdout).toContain(`the smallest failing case is ${smallest}`);
    expect(stdout).toContain(`\n  hetconv conformance --backends wrong --case ${smallest} --seed 1\n`);
    expect(stderr).toMatch(/hetconv: conformance: wrong: \d+ failures/);
    expect(readFileSync(join(folder, 'wrong', 'wrong.html'), 'utf8')).toContain(smallest);
  });
});
