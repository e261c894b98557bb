/** Jobs on other machines: put into the queue, watched, and fetched when a worker has done them. */
import { createHash } from 'node:crypto';
import { hostname } from 'node:os';
import { join, resolve } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { note } from '../output/emit.ts';
import type { Job } from './jobs.ts';
import { connect, filesKey, type QueuedResult, type QueuedTask, type Server, type TrainQueue } from './redis.ts';
import { writeChecked } from './run-folder.ts';
import { type SweepRun, taskOf } from './run-local.ts';
import type { Outcome, TrainProgress } from './train-process.ts';

/** Milliseconds between two looks at the queue. */
const INTERVAL = 1000;

/**
 * Returns when all jobs have ended, or the signal aborts: the workers then go on, and a later call fetches what they did.
 *
 * @throws UsageError; CheckFailedError where the server does not answer
 */
export async function runByQueue(run: SweepRun, url: string): Promise<void> {
  const server = await connect(url, run.experiment.data);
  const queue: TrainQueue = new server.bullmq.Queue<QueuedTask, QueuedResult>(server.queueName, {
    connection: server.redis,
  });
  queue.on('error', () => {}); // the connection comes back by itself; until then nothing is heard
  try {
    await watch(run, server, queue);
  } finally {
    await queue.close();
    server.close();
  }
}

async function watch(run: SweepRun, server: Server, queue: TrainQueue): Promise<void> {
  const { jobs, signal } = run;
  const open = new Map(jobs.map((job) => [job, idOf(run, job)]));
  for (const [job, id] of open) {
    if (await (await queue.getJob(id))?.isFailed()) await queue.remove(id); // anew
    await add(run, queue, job, id);
  }
  if (open.size > 0 && (await queue.getWorkersCount()) === 0) {
    note(
      `${open.size} trainings wait for a worker: hetconv train worker --queue .. --data ${run.experiment.data}:FOLDER`,
    );
  }
  while (open.size > 0 && !signal.aborted) {
    for (const [job, id] of open) {
      const outcome = await look(run, server, queue, job, id);
      if (outcome === undefined) continue;
      open.delete(job);
      await run.onEnd(job, outcome);
    }
    await wait(INTERVAL, undefined, { signal }).catch(() => {});
  }
}

/** Where a job of that id is in the queue already, it is that one. */
async function add({ experiment }: SweepRun, queue: TrainQueue, job: Job, id: string): Promise<void> {
  const task = { experiment: experiment.name, name: job.name, ...taskOf(experiment, job) };
  await queue.add(job.name, task, { jobId: id });
}

/** What became of a job, once something has. */
async function look(
  run: SweepRun,
  server: Server,
  queue: TrainQueue,
  job: Job,
  id: string,
): Promise<Outcome | undefined> {
  const queued = await queue.getJob(id);
  if (queued === undefined) {
    await add(run, queue, job, id); // the server was emptied
    return undefined;
  }
  if (await queued.isCompleted()) {
    const outcome = await fetchFiles(server, id, queued.returnvalue, join(run.out, job.name));
    await queue.remove(id);
    return outcome;
  }
  if (await queued.isFailed()) {
    await queue.remove(id);
    return { status: 'failed', reason: queued.failedReason };
  }
  if (typeof queued.progress === 'object' && (await queued.isActive()))
    run.onProgress(job, queued.progress as TrainProgress);
  return undefined;
}

async function fetchFiles(server: Server, id: string, { files }: QueuedResult, folder: string): Promise<Outcome> {
  const key = filesKey(server, id);
  try {
    for (const { path, sha256 } of files) {
      await writeChecked(folder, path, await server.redis.hgetBuffer(key, path), sha256);
    }
    return { status: 'done' };
  } catch (error) {
    return { status: 'failed', reason: (error as Error).message };
  } finally {
    await server.redis.del(key);
  }
}

/** The same for the same sweep: what it left in the queue it finds again. */
function idOf({ experiment, out }: SweepRun, job: Job): string {
  const what = JSON.stringify([taskOf(experiment, job), hostname(), resolve(out)]);
  const digest = createHash('sha256').update(what).digest('hex').slice(0, 12);
  return `${experiment.name}-${job.name}-${digest}`;
}
