/** A sweep whose trainings run in workers, through a real Redis server; one of the workers is killed. */
import { type ChildProcess, execFileSync, spawn } from 'node:child_process';
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout } from 'node:timers/promises';
import type { SweepResult } from '@hetconv/report';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { writeClassFolder } from './support/class-folder.ts';
import { hetconv, main } from './support/run.ts';

const folder = mkdtempSync(join(tmpdir(), 'hetconv-cli-queue-'));
const pictures = join(folder, 'clothes');
const shared = join(folder, 'worker');
const out = join(folder, 'out');
const file = join(folder, 'experiment.json');
const children: ChildProcess[] = [];

const EPOCHS = 8;
const PATIENCE = { timeout: 600_000 };

afterAll(async () => {
  for (const child of children) child.kill('SIGKILL');
  await Promise.all(children.map(ended));
  rmSync(folder, { recursive: true, force: true });
});

beforeAll(async () => {
  await writeClassFolder(pictures, ['Bag', 'Trouser'], 6);
  const recipe = { epochs: EPOCHS, batch: 4, schedule: { learningRate: 0.01 } };
  const rows = ['standard', 'pwc'].map((kind) => ({ model: 'resnet20-cifar', kind }));
  const experiment = { name: 'clothes', title: 'Two classes', data: 'clothes', seeds: [1], recipe, rows };
  writeFileSync(file, JSON.stringify(experiment));
});

function start(command: string, args: readonly string[]): { child: ChildProcess; said: () => string } {
  const child = spawn(command, args);
  children.push(child);
  let said = '';
  child.stdout.setEncoding('utf8').on('data', (text: string) => (said += text));
  child.stderr.setEncoding('utf8').on('data', (text: string) => (said += text));
  return { child, said: () => said };
}

function ended(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return Promise.resolve();
  return new Promise((resolve) => child.once('close', () => resolve()));
}

function hasRedis(): boolean {
  try {
    execFileSync('redis-server', ['--version']);
    return true;
  } catch {
    return false;
  }
}

async function freePort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as { port: number };
  await new Promise((resolve) => server.close(resolve));
  return port;
}

function worker(queue: string): ReturnType<typeof start> {
  const options = ['--queue', queue, '--data', pictures, '--out', shared, '--jobs', '1', '--stalled-seconds', '2'];
  return start(process.execPath, [main, 'train', 'worker', ...options]);
}

/** The jobs whose folders have an epoch. */
function begun(): string[] {
  const jobs = join(shared, 'clothes');
  if (!existsSync(jobs)) return [];
  return readdirSync(jobs).filter((job) => {
    const log = join(jobs, job, 'log.jsonl');
    return existsSync(log) && readFileSync(log, 'utf8') !== '';
  });
}

describe('hetconv train sweep --queue', () => {
  it('has its trainings done by workers, one of which dies', PATIENCE, async (ctx) => {
    if (!hasRedis()) ctx.skip('redis-server is not installed');
    const port = await freePort();
    start('redis-server', ['--port', String(port), '--bind', '127.0.0.1', '--save', '', '--dir', folder]);
    const queue = `redis://127.0.0.1:${port}`;
    const [dying, other] = [worker(queue), worker(queue)];
    const args = ['--queue', queue, '--data', pictures, '--out', out, '--no-latency', '--json'];
    const sweep = start(process.execPath, [main, 'train', 'sweep', file, ...args]);
    const took = (): string | undefined => /^clothes: (\S+)$/m.exec(dying.said())?.[1];
    while (took() === undefined || !begun().includes(took() ?? '')) {
      expect(`${sweep.child.exitCode} ${sweep.said()}`).toMatch(/^null /);
      await setTimeout(20);
    }
    dying.child.kill('SIGKILL');
    await ended(dying.child);
    await ended(sweep.child);
    expect(`${sweep.child.exitCode} ${sweep.said()}`).toMatch(/^0 /);

    // The other one took it over, and went on with what was there.
    const job = took() ?? '';
    expect(other.said()).toContain(`clothes: ${job}: done`);
    const console = readFileSync(join(shared, 'clothes', job, 'console.log'), 'utf8');
    expect(console.match(/^epoch 1\/8: /gm)).toHaveLength(1);
    const { rows } = JSON.parse(readFileSync(join(out, 'results.json'), 'utf8')) as SweepResult;
    expect(rows.map(({ runs }) => [runs[0].status, runs[0].log.length])).toEqual([
      ['done', EPOCHS],
      ['done', EPOCHS],
    ]);
    expect(readdirSync(join(out, job, 'weights'))).toHaveLength(2);

    other.child.kill('SIGINT');
    await ended(other.child);
    expect(other.child.exitCode).toBe(0);
  });

  it('says where nothing answers, and what is no address', PATIENCE, async () => {
    const port = await freePort();
    const args = ['train', 'worker', '--data', pictures, '--out', shared, '--queue'];
    const silent = await hetconv(...args, `redis://:secret@127.0.0.1:${port}`);
    expect(silent.stderr).toMatch(/--queue: redis:\/\/127\.0\.0\.1:\d+ cannot be reached: .*ECONNREFUSED/);
    expect(silent.stderr).not.toContain('secret');
    expect(silent.code).toBe(1);
    const wrong = await hetconv(...args, 'localhost:6379');
    expect(wrong.stderr).toMatch(/must be redis:\/\/HOST:PORT/);
    expect(wrong.code).toBe(2);
  });
});
