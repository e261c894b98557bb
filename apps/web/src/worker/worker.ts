/**
 * The worker in which everything heavy runs, so that the page answers while a network is measured. It does one task at a time; a
 * task is stopped by ending the worker, because a backend that computes hears no messages.
 */
import '@tensorflow/tfjs-backend-cpu'; // weights live somewhere before a backend is asked for
import { enableProdMode, setBackend } from '@tensorflow/tfjs-core';
import { classify } from './classify-task.ts';
import { checkConformance } from './conformance-task.ts';
import type { Reply, TaskMessage, TaskName, Tasks } from './protocol.ts';
import { listBackends, useOwnWasmFiles } from './providers.ts';
import { samples } from './sample-images.ts';
import { measureSpeed } from './speed-task.ts';

type TaskFunctions = {
  readonly [Name in TaskName]: (
    request: Tasks[Name]['request'],
    report: (event: Tasks[Name]['event']) => void,
  ) => Promise<Tasks[Name]['result']>;
};

const tasks: TaskFunctions = {
  backends: listBackends,
  speed: measureSpeed,
  conformance: checkConformance,
  classify,
  samples: ({ count }) => samples(count),
};

enableProdMode();
useOwnWasmFiles();
const ready = setBackend('cpu');

self.addEventListener('message', ({ data }: MessageEvent<TaskMessage>) => {
  void answer(data);
});

async function answer({ task, request }: TaskMessage): Promise<void> {
  try {
    await ready;
    const run = tasks[task] as (request: unknown, report: (event: unknown) => void) => Promise<unknown>;
    const result = await run(request, (event) => send({ type: 'event', event }));
    send({ type: 'result', result });
  } catch (error) {
    send({ type: 'error', message: error instanceof Error ? error.message : String(error) });
  }
}

function send(reply: Reply): void {
  self.postMessage(reply, { transfer: [] });
}
