/** Takes trainings out of the queue, one process each, and sends back what they gave. */
import { join } from 'node:path';
import type { Job as QueuedJob, Worker } from 'bullmq';
import { note } from '../output/emit.ts';
import { connect, filesKey, type QueuedResult, type QueuedTask, type Server } from './redis.ts';
import { filesOf, readWithDigest } from './run-folder.ts';
import { trainInProcess } from './train-process.ts';

export interface WorkerOptions {
  readonly url: string;
  /** Name of the data set or folder whose trainings it takes. */
  readonly dataName: string;
  /** As `hetconv train --data` takes it. */
  readonly data: string;
  /** Trainings have their folders below, by experiment. */
  readonly out: string;
  readonly processes: number;
  readonly checkpointSeconds: number;
  /** Without a sign of life from its worker for so long, a training is another's to take. */
  readonly stalledSeconds: number;
  /** Aborting writes checkpoints and puts the trainings back. */
  readonly signal: AbortSignal;
}

/** How long the files of a finished training wait for their sweep, in seconds. */
const KEPT = 7 * 24 * 3600;

/** A worker that dies is no fault of the training that it had. */
const STALLED_AT_MOST = 1000;

/** Milliseconds between messages of progress: each is written to the server. */
const INTERVAL = 2000;

/** Returns when the signal aborts. @throws UsageError; CheckFailedError where the server does not answer */
export async function runWorker(options: WorkerOptions): Promise<void> {
  const { url, dataName, processes, stalledSeconds, signal } = options;
  const server = await connect(url, dataName);
  const worker: Worker<QueuedTask, QueuedResult> = new server.bullmq.Worker<QueuedTask, QueuedResult>(
    server.queueName,
    (job, token, lost) =>
      train(job, token, AbortSignal.any([signal, ...(lost === undefined ? [] : [lost])]), server, options),
    {
      connection: server.redis,
      concurrency: processes,
      lockDuration: 1000 * stalledSeconds,
      stalledInterval: 1000 * stalledSeconds,
      maxStalledCount: STALLED_AT_MOST,
    },
  );
  worker.on('error', ({ message }) => note(`queue: ${message}`));
  try {
    await new Promise<void>((resolve) => {
      if (signal.aborted) resolve();
      signal.addEventListener('abort', () => resolve(), { once: true });
    });
  } finally {
    await worker.close(); // waits for the checkpoints
    server.close();
  }
}

async function train(
  job: QueuedJob<QueuedTask, QueuedResult>,
  token: string | undefined,
  signal: AbortSignal,
  server: Server,
  { data, out, checkpointSeconds, signal: ended }: WorkerOptions,
): Promise<QueuedResult> {
  const { UnrecoverableError, WaitingError } = server.bullmq;
  const { experiment, name } = job.data;
  if (![experiment, name].every((word) => /^[a-z0-9][a-z0-9-]*$/.test(word)))
    throw new UnrecoverableError(`'${experiment}', '${name}': no names of an experiment and its training`);
  const folder = join(out, experiment, name);
  note(`${experiment}: ${name}`);
  let told = -Infinity;
  const outcome = await trainInProcess(job.data, {
    data,
    folder,
    checkpointSeconds,
    signal,
    onProgress(progress) {
      if (performance.now() - told < INTERVAL) return;
      told = performance.now();
      job.updateProgress({ ...progress }).catch(() => {}); // the next one comes
    },
  }).catch((error: Error) => ({ status: 'failed' as const, reason: error.message }));
  if (outcome.status === 'interrupted') {
    if (!ended.aborted) throw new Error('another worker has taken it over');
    await job.moveToWait(token);
    note(`${experiment}: ${name}: put back`);
    throw new WaitingError();
  }
  if (outcome.status === 'failed') {
    note(`${experiment}: ${name}: FAILED: ${outcome.reason}`);
    throw new UnrecoverableError(outcome.reason);
  }
  const files = await send(server, job.id ?? name, folder);
  note(`${experiment}: ${name}: done`);
  return { files };
}

async function send(server: Server, jobId: string, folder: string): Promise<QueuedResult['files']> {
  const key = filesKey(server, jobId);
  const files: QueuedResult['files'][number][] = [];
  await server.redis.del(key);
  for (const path of await filesOf(folder)) {
    const { bytes, sha256 } = await readWithDigest(folder, path);
    await server.redis.hset(key, path, bytes);
    files.push({ path, sha256 });
  }
  await server.redis.expire(key, KEPT);
  return files;
}
