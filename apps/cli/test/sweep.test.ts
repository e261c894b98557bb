/** `hetconv train sweep` as processes: killed, interrupted, gone on with, reported. */
import { spawn } from 'node:child_process';
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout } from 'node:timers/promises';
import type { SweepResult } from '@hetconv/report';
import { folderHolder, lockFolder } from '@hetconv/train/node';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { readExperiment } from '../src/sweep/experiment.ts';
import { inspectJob, inspectJobs, jobsOf } from '../src/sweep/jobs.ts';
import { writeClassFolder } from './support/class-folder.ts';
import { hetconv, main, type Outcome } from './support/run.ts';

const folder = mkdtempSync(join(tmpdir(), 'hetconv-cli-sweep-'));
const pictures = join(folder, 'clothes');
const out = join(folder, 'out');
const file = join(folder, 'experiment.json');
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const EPOCHS = 8;
const EXPERIMENT = {
  name: 'clothes',
  title: 'Two classes',
  data: 'clothes',
  seeds: [1],
  recipe: { epochs: EPOCHS, batch: 4, schedule: { learningRate: 0.01 } },
  rows: [
    { model: 'resnet20-cifar', kind: 'standard' },
    { model: 'resnet20-cifar', kind: 'pwc' },
  ],
};
const [FIRST, SECOND] = ['resnet20-cifar-standard-p4-s1', 'resnet20-cifar-pwc-p4-s1'];

const PATIENCE = { timeout: 600_000 };
const SWEEP = ['train', 'sweep', file, '--data', pictures, '--out', out, '--no-latency'];

beforeAll(async () => {
  await writeClassFolder(pictures, ['Bag', 'Trouser'], 6);
  writeFileSync(file, JSON.stringify(EXPERIMENT));
});

function epochsOf(job: string): number[] {
  const path = join(out, job, 'log.jsonl');
  const lines = existsSync(path) ? readFileSync(path, 'utf8').split('\n') : [];
  return lines.filter((line) => line !== '').map((line) => (JSON.parse(line) as { epoch: number }).epoch);
}

/** Runs the sweep and sends it the signal when the first training has so many epochs. */
async function signalled(signal: 'SIGKILL' | 'SIGINT', epochs: number): Promise<Outcome> {
  const child = spawn(process.execPath, [main, ...SWEEP, '--jobs', '2']);
  let [stdout, stderr] = ['', ''];
  child.stdout.setEncoding('utf8').on('data', (text: string) => (stdout += text));
  child.stderr.setEncoding('utf8').on('data', (text: string) => (stderr += text));
  const end = new Promise<number>((resolve) => child.on('close', (code) => resolve(code ?? -1)));
  while (epochsOf(FIRST).length < epochs && child.exitCode === null) await setTimeout(20);
  child.kill(signal);
  return { code: await end, stdout, stderr };
}

function results(): SweepResult {
  return JSON.parse(readFileSync(join(out, 'results.json'), 'utf8')) as SweepResult;
}

describe('hetconv train sweep', () => {
  it('is killed, interrupted, and goes on without repeating anything', PATIENCE, async () => {
    await signalled('SIGKILL', 1);
    // Its trainings notice, write a checkpoint and end.
    for (const job of [FIRST, SECOND]) while ((await folderHolder(join(out, job))) !== undefined) await setTimeout(50);
    const after = epochsOf(FIRST).length;
    await setTimeout(300);
    expect(epochsOf(FIRST)).toHaveLength(after);
    expect(after).toBeLessThan(EPOCHS);

    const stopped = await signalled('SIGINT', after + 1);
    expect(stopped.stderr).toMatch(/interrupted: every training writes a checkpoint[\s\S]*The same command goes on/);
    expect(stopped.code).toBe(1);
    expect(await folderHolder(join(out, FIRST))).toBeUndefined();
    expect(results().rows[0].runs[0]).toMatchObject({ seed: 1, status: 'unfinished' });

    const done = await hetconv(...SWEEP, '--jobs', '2', '--json');
    expect(done.stderr).toContain(`${FIRST}: `);
    expect(done.code).toBe(0);
    for (const job of [FIRST, SECOND]) {
      expect(epochsOf(job)).toEqual(Array.from({ length: EPOCHS }, (_, i) => i + 1));
      const said = readFileSync(join(out, job, 'console.log'), 'utf8');
      expect(said.match(/^epoch 1\/8: /gm)).toHaveLength(1); // not from the beginning again
      expect(readdirSync(join(out, job, 'weights'))).toHaveLength(2);
    }
    expect(readdirSync(out).toSorted()).toEqual(['REPORT.md', SECOND, FIRST, 'report.html', 'results.json'].toSorted());
    const document = JSON.parse(done.stdout) as SweepResult;
    expect(document).toMatchObject({ name: 'clothes', data: { name: 'clothes', train: 10, test: 2, classes: 2 }, out });
    expect(document.rows[1]).toMatchObject({ kind: 'pwc', part: 'none', twin: 0, runs: [{ seed: 1, status: 'done' }] });
    expect(document.rows[1].macs).toBeLessThan(document.rows[0].macs);
    expect(readFileSync(join(out, 'results.json'), 'utf8')).not.toContain(folder);
  });

  it(
    'repeats nothing that is done; a training that fails does not keep the others from running',
    PATIENCE,
    async () => {
      const changed = (): number => statSync(join(out, FIRST, 'checkpoint.safetensors')).mtimeMs;
      const before = changed();
      const broken = 'resnet20-cifar-pwc-p4-s2';
      writeFileSync(join(out, broken), ''); // no folder
      const short = join(folder, 'short.json');
      writeFileSync(short, JSON.stringify({ ...EXPERIMENT, seeds: [2], recipe: { ...EXPERIMENT.recipe, epochs: 1 } }));
      const args = ['train', 'sweep', short, '--data', pictures, '--out', out, '--no-latency', '--jobs', '1', '--json'];
      const failed = await hetconv(...args);
      expect(failed.stderr).toContain(`failed: ${broken}; 1 of 2 trainings are not done`);
      expect(failed.code).toBe(1);
      const { rows } = JSON.parse(failed.stdout) as SweepResult;
      expect(rows.map(({ runs }) => runs[0].status)).toEqual(['done', 'failed']);
      rmSync(join(out, broken));

      const again = await hetconv(...SWEEP);
      expect(again.code).toBe(0);
      expect(again.stderr).not.toContain(`${FIRST}: `);
      expect(changed()).toBe(before);
    },
  );

  it('renders from what there is, and from the results alone', PATIENCE, async () => {
    const report = readFileSync(join(out, 'REPORT.md'), 'utf8');
    expect(report).toMatch(/pwc: [+-]\d+\.\d\d points to standard, one seed, too few for an interval; \d+\.\d+x fewer/);
    const elsewhere = join(folder, 'elsewhere');
    const { code } = await hetconv('train', 'sweep', '--from', join(out, 'report.html'), '--out', elsewhere);
    expect(code).toBe(0);
    expect(readFileSync(join(elsewhere, 'REPORT.md'), 'utf8')).toBe(report);
    expect(readFileSync(join(elsewhere, 'results.json'))).toEqual(readFileSync(join(out, 'results.json')));
  });

  it('refuses the folder of another recipe, seed or data by name', async () => {
    const experiment = readExperiment(file);
    const [job] = jobsOf(experiment);
    const inspect = (changes: object): Promise<unknown> => inspectJobs({ ...experiment, ...changes }, [job], out);
    await expect(inspect({ recipe: { ...experiment.recipe, epochs: 13 } })).rejects.toThrow(
      `'${FIRST}' in it holds another training: recipe.epochs was 8, is 13`,
    );
    await expect(inspect({ data: 'cifar10' })).rejects.toThrow(/data\.name was "clothes", is "cifar10"/);
    await expect(inspect({ limit: 3 })).rejects.toThrow(/data\.train was 10, is 3/);
    await expect(inspectJob(experiment, { ...job, seed: 7 }, out)).rejects.toThrow(/recipe\.seed was 1, is 7/);
  });

  it('a training refuses the folder that another process trains into', PATIENCE, async () => {
    const lock = await lockFolder(join(out, SECOND));
    const where = ['--data', pictures, '--out', join(out, SECOND), '--resume', '--limit', '4'];
    const { code, stderr } = await hetconv('train', 'resnet20-cifar', '--kind', 'pwc', ...where);
    expect(stderr).toMatch(new RegExp(`process ${process.pid} on .* trains into it; only one can`));
    expect(code).toBe(1);
    await lock.release();
  });

  it('says what it would do', PATIENCE, async () => {
    const plan = await hetconv('train', 'sweep', file, '--out', out, '--seeds', '1,3', '--dry-run', '--json');
    const { jobs } = JSON.parse(plan.stdout) as { jobs: Record<string, unknown>[] };
    expect(jobs.map(({ status, epochs }) => [status, epochs])).toEqual([
      ['done', EPOCHS],
      ['done', EPOCHS],
      ['missing', 0],
      ['missing', 0],
    ]);
  });
});
