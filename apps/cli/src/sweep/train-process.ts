/** One job as one process of `hetconv train`: begun or gone on with, told of, and stopped where it can go on later. */
import { type ChildProcess, fork } from 'node:child_process';
import { existsSync } from 'node:fs';
import { mkdir, open, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Progress } from '@hetconv/train';
import { CHECKPOINT_FILES, folderHolder } from '@hetconv/train/node';
import { writeAtomically } from '../output/files.ts';
import { PARENT_VARIABLE } from '../training/parent-process.ts';
import type { Row } from './experiment.ts';

/** All that a process needs to know; plain data, for it may travel to another machine. */
export interface TrainTask {
  readonly row: Row;
  readonly seed: number;
  /** As an experiment's file gives it. */
  readonly recipe: object;
  readonly backend: string;
  readonly limit?: number;
}

export type TrainProgress = Pick<Progress, 'stage' | 'epoch' | 'epochs' | 'step' | 'steps' | 'secondsLeft'>;

export type Outcome =
  | { readonly status: 'done' }
  /** By the signal. */
  | { readonly status: 'interrupted' }
  | { readonly status: 'failed'; readonly reason: string };

export interface TrainProcessOptions {
  readonly data: string;
  readonly folder: string;
  readonly checkpointSeconds: number;
  /** Aborting makes it write a checkpoint after the step under way and end. */
  readonly signal: AbortSignal;
  readonly onProgress: (progress: TrainProgress) => void;
}

/** What the process says goes into this file of its folder. */
const CONSOLE = 'console.log';
const RECIPE = 'sweep-recipe.json';

/** Milliseconds that an earlier process gets to finish its last step, whose sweep or worker was killed. */
const PATIENCE = 120_000;

/** @throws what the disk refuses */
export async function trainInProcess(task: TrainTask, options: TrainProcessOptions): Promise<Outcome> {
  const { folder, signal, onProgress } = options;
  await mkdir(folder, { recursive: true });
  await untilFree(folder, signal);
  if (signal.aborted) return { status: 'interrupted' };
  writeAtomically(join(folder, RECIPE), `${JSON.stringify(task.recipe, null, 2)}\n`);
  // The file itself, no pipe: what a training says must not fail when this process is gone.
  const said = await open(join(folder, CONSOLE), 'a');
  const { size } = await said.stat();
  const child = fork(process.argv[1], argumentsOf(task, options), {
    stdio: ['ignore', 'ignore', said.fd, 'ipc'],
    env: { ...process.env, [PARENT_VARIABLE]: String(process.pid) },
  });
  // It lives as long as the channel: the end of this process, however it comes, ends it too.
  const stop = (): void => {
    if (child.connected) child.disconnect();
  };
  signal.addEventListener('abort', stop, { once: true });
  if (signal.aborted) stop();
  child.on('message', (progress) => onProgress(progress as TrainProgress));
  try {
    const { code, killedBy } = await endOf(child);
    if (code === 0) return { status: 'done' };
    if (signal.aborted) return { status: 'interrupted' };
    return { status: 'failed', reason: killedBy === null ? await reasonIn(folder, size) : `ended by ${killedBy}` };
  } finally {
    signal.removeEventListener('abort', stop);
    await said.close();
  }
}

/** Not 'close': where this side has hung up, Node 24 never sends it. */
function endOf(child: ChildProcess): Promise<{ readonly code: number | null; readonly killedBy: string | null }> {
  return new Promise((resolve, reject) => {
    child.on('error', reject);
    child.on('exit', (code, killedBy) => resolve({ code, killedBy }));
  });
}

function argumentsOf({ row, seed, backend, limit }: TrainTask, options: TrainProcessOptions): string[] {
  const { data, folder, checkpointSeconds } = options;
  const named = {
    kind: row.kind,
    part: row.part,
    seed,
    recipe: join(folder, RECIPE),
    backend,
    data,
    out: folder,
    'checkpoint-seconds': checkpointSeconds,
    ...(limit !== undefined && { limit }),
  };
  const given = Object.entries(named).flatMap(([name, value]) => [`--${name}`, String(value)]);
  const isBegun = existsSync(join(folder, CHECKPOINT_FILES.last));
  return ['train', row.model, ...given, ...(isBegun ? ['--resume'] : [])];
}

async function untilFree(folder: string, signal: AbortSignal): Promise<void> {
  const until = performance.now() + PATIENCE;
  while (!signal.aborted && performance.now() < until && (await folderHolder(folder)) !== undefined) {
    await new Promise((resolve) => setTimeout(resolve, 250));
  }
}

/** The last message of the command. @param start where what this process said begins */
async function reasonIn(folder: string, start: number): Promise<string> {
  const said = (await readFile(join(folder, CONSOLE))).subarray(start).toString();
  const messages = said.split('\n').filter((line) => line.startsWith('hetconv: '));
  return messages.at(-1)?.slice('hetconv: '.length) ?? `it ended without a message; see ${CONSOLE}`;
}
