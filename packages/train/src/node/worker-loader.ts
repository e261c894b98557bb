/** Batches from a thread of their own: reading, decoding and augmenting cost the training thread nothing. */
import { extname } from 'node:path';
import { Worker } from 'node:worker_threads';
import type { Batch } from '../data/batches.ts';
import type { BatchLoader } from '../data/loader.ts';
import type { WorkerAnswer, WorkerQuestion, WorkerSetup } from './batch-worker.ts';

interface Waiting {
  readonly resolve: (batch: Batch) => void;
  readonly reject: (error: unknown) => void;
}

/** The same batches as `inlineLoader`, bit for bit. The caller closes it. */
export function workerLoader(setup: WorkerSetup): BatchLoader {
  // TypeScript in the workspace, JavaScript in the published package: as this file.
  const worker = new Worker(new URL(`./batch-worker${extname(import.meta.url)}`, import.meta.url), {
    workerData: setup,
  });
  const waiting = new Map<number, Waiting>();
  let nextId = 0;
  let failure: unknown;
  const fail = (error: unknown): void => {
    failure ??= error;
    for (const { reject } of waiting.values()) reject(failure);
    waiting.clear();
  };
  worker.on('message', (answer: WorkerAnswer) => {
    const one = waiting.get(answer.id);
    waiting.delete(answer.id);
    if ('batch' in answer) one?.resolve(answer.batch);
    else one?.reject(answer.error);
    if (waiting.size === 0) worker.unref();
  });
  worker.on('error', fail);
  worker.on('exit', (code) => fail(new Error(`The thread that makes batches ended (exit code ${code}).`)));
  worker.unref(); // a program that has nothing to wait for may end
  return {
    load: (request) =>
      new Promise((resolve, reject) => {
        if (failure !== undefined) {
          reject(failure);
          return;
        }
        const id = nextId++;
        waiting.set(id, { resolve, reject });
        worker.ref();
        worker.postMessage({ id, request } satisfies WorkerQuestion, []);
      }),
    close: async () => {
      await worker.terminate();
    },
  };
}
