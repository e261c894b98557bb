/** A pack is made, travels in pieces, and runs on the CUDA emulator with nothing but bash, python3 and (to stay short) this Node. */
import { spawnSync } from 'node:child_process';
import {
  chmodSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { buildEmulator } from '@hetconv/cuda-emulator';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';

const folder = mkdtempSync(join(tmpdir(), 'hetconv-gpu-pack-'));
afterAll(() => rmSync(folder, { recursive: true }));

const [pack, work, out, data, tools] = ['pack', 'work', 'out', 'data', 'tools'].map((name) => join(folder, name));
const TIMEOUT = 180_000;
const MIB = 2 ** 20;

/** No compressor makes less of it. */
function noise(bytes: number): Uint8Array {
  const random = new Uint32Array(bytes / 4);
  let state = 1;
  for (let i = 0; i < random.length; i++) random[i] = state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
  return new Uint8Array(random.buffer).map((byte, i) => byte ^ (i >> 3));
}

/** Where the tools of the system are, and python3; nothing of this workspace. */
const PATH = ['/usr/bin', '/bin', dirname(python() ?? '/usr/bin/python3')].join(':');

function python(): string | undefined {
  const { stdout } = spawnSync('python3', ['-c', 'import lzma, sys; print(sys.executable)'], { encoding: 'utf8' });
  return stdout?.trim() || undefined;
}

function missing(): string | undefined {
  if (process.platform !== 'linux') return 'packs are made on Linux';
  if (python() === undefined) return 'python3 with lzma is not installed';
  return ['xz', 'tar'].find((name) => spawnSync(name, ['--version']).status !== 0)?.concat(' is not installed');
}

const reason = missing();
const emulator = await buildEmulator({
  kernels: fileURLToPath(new URL('../kernels', import.meta.resolve('@hetconv/backend-cuda'))),
});

function run(...args: string[]): { status: number | null; stdout: string; stderr: string } {
  const environment = {
    PATH: `${tools}:${PATH}`,
    HOME: folder,
    HETCONV_NODE: process.execPath,
    HETCONV_WORK: work,
    ...(emulator.available ? { HETCONV_CUDA_LIBRARY: emulator.library } : {}),
  };
  return spawnSync('bash', [join(pack, 'run.sh'), ...args], { encoding: 'utf8', env: environment, cwd: folder });
}

const read = (file: string): Record<string, unknown> => JSON.parse(readFileSync(file, 'utf8')) as never;

beforeAll(() => {
  if (reason !== undefined) return;
  mkdirSync(data);
  for (let i = 1; i <= 5; i++) writeFileSync(join(data, `data_batch_${i}.bin`), noise(MIB / 8));
  writeFileSync(join(data, 'test_batch.bin'), noise(1.5 * MIB));
  const program = fileURLToPath(new URL('../pack.ts', import.meta.url));
  const args = ['--no-node', '--out', pack, '--data', `cifar10:${data}`, '--piece-size', '1'];
  const { status, stderr } = spawnSync(process.execPath, [program, ...args], { encoding: 'utf8' });
  if (status !== 0) throw new Error(stderr);
}, TIMEOUT);

describe('a pack', () => {
  it('comes in groups that can be carried one by one, and knows what is not there yet', (context) => {
    if (reason !== undefined) context.skip(reason);
    const groups = readdirSync(pack).filter((name) => name.startsWith('data-'));
    expect(groups.length).toBeGreaterThan(2);
    for (const group of groups) {
      const bytes = readdirSync(join(pack, group)).map((name) => readFileSync(join(pack, group, name)).length);
      expect(bytes.reduce((sum, one) => sum + one)).toBeLessThanOrEqual(MIB);
    }
    const last = join(pack, groups.toSorted().at(-1) ?? '');
    renameSync(last, `${folder}/later`);
    expect(run('unpack')).toMatchObject({ status: 0, stderr: expect.stringContaining('data/cifar10/test_batch.bin') });
    expect(read(join(work, 'data.json'))).toMatchObject({ id: 'cifar10', complete: false });
    renameSync(`${folder}/later`, last);
    expect(run('unpack')).toMatchObject({ status: 0, stderr: '' });
    expect(read(join(work, 'data.json'))).toMatchObject({ complete: true });
    for (const name of readdirSync(data)) {
      expect(readFileSync(join(work, 'data', 'cifar10', name)).equals(readFileSync(join(data, name)))).toBe(true);
    }
  });

  it('says what can be asked of it', (context) => {
    if (reason !== undefined) context.skip(reason);
    expect(run('--help').stdout).toContain('environment, conformance, bench, train, sanitizer');
    expect(run('benhc')).toMatchObject({ status: 2, stderr: expect.stringContaining("'benhc' is no stage") });
  });

  it('runs its stages; one that fails does not stop the next', { timeout: TIMEOUT }, (context) => {
    if (reason !== undefined) context.skip(reason);
    if (!emulator.available) context.skip(emulator.reason);
    // In the place of NVIDIA's: memcheck runs the program, racecheck says that it found something.
    mkdirSync(tools);
    const sanitizer = join(tools, 'compute-sanitizer');
    writeFileSync(sanitizer, '#!/bin/bash\n[ "$2" = racecheck ] && exit 77\nshift 4\nexec "$@"\n');
    chmodSync(sanitizer, 0o755);
    const { status, stdout } = run('environment', 'conformance', 'sanitizer', '--quick', '--out', out);
    const { stages } = read(join(out, 'summary.json')) as unknown as { stages: Stage[] };
    expect(stages.map((stage) => [stage.name, stage.status])).toEqual([
      ['environment', 'passed'],
      ['conformance', 'passed'],
      ['sanitizer', 'failed'],
    ]);
    expect(stages[0].lines[0]).toContain('CUDA emulator');
    expect(stages[1].lines[0]).toMatch(/^[1-9]\d+ passed, 0 failed, .*worst r = [0-7]\./);
    expect(stages[2].lines[0]).toMatch(/^memcheck of format and a training: clean/);
    expect(stages[2].lines[1]).toMatch(/^racecheck of format and a training: FOUND ERRORS/);
    expect(status).toBe(1);
    expect(stdout).toContain('| compute-sanitizer | failed |');
    for (const file of ['summary.md', 'log.txt', 'conformance.html', 'conformance.json']) {
      expect(existsSync(join(out, file))).toBe(true);
    }
  });
});

interface Stage {
  readonly name: string;
  readonly status: string;
  readonly lines: readonly string[];
}
