/** The page's side of the worker: starts it when it is needed, hands it one task at a time, ends it to stop one. */
import type { Reply, TaskMessage, TaskName, Tasks } from './protocol.ts';

/** The task was stopped by the person. */
export class StoppedError extends Error {
  override readonly name = 'StoppedError';
}

interface Running {
  readonly onEvent: (event: unknown) => void;
  readonly resolve: (result: unknown) => void;
  readonly reject: (error: Error) => void;
}

export class Engine {
  #worker: Worker | undefined;
  #running: Running | undefined;
  /** Ends when the task before has. */
  #queue: Promise<unknown> = Promise.resolve();

  /**
   * Runs a task after those that were asked for before.
   *
   * @throws StoppedError
   * @throws Error as the task does
   */
  run<Name extends TaskName>(
    task: Name,
    request: Tasks[Name]['request'],
    onEvent: (event: Tasks[Name]['event']) => void = () => {},
  ): Promise<Tasks[Name]['result']> {
    const before = this.#queue;
    const result = before.then(() => this.#start(task, request, onEvent as (event: unknown) => void));
    this.#queue = result.catch(() => undefined);
    return result as Promise<Tasks[Name]['result']>;
  }

  /** Ends what runs at once, whatever the backend is doing. The next task gets a new worker. */
  stop(): void {
    this.#end(new StoppedError('Stopped.'));
  }

  async #start(task: TaskName, request: unknown, onEvent: (event: unknown) => void): Promise<unknown> {
    this.#worker ??= this.#createWorker();
    const worker = this.#worker;
    try {
      return await new Promise((resolve, reject) => {
        this.#running = { onEvent, resolve, reject };
        worker.postMessage({ task, request } satisfies TaskMessage, { transfer: [] });
      });
    } finally {
      this.#running = undefined;
    }
  }

  #createWorker(): Worker {
    const worker = new Worker(new URL('./worker.ts', import.meta.url), { type: 'module', name: 'hetconv' });
    worker.addEventListener('message', ({ data }: MessageEvent<Reply>) => {
      if (data.type === 'event') this.#running?.onEvent(data.event);
      else if (data.type === 'result') this.#running?.resolve(data.result);
      else this.#running?.reject(new Error(data.message));
    });
    worker.addEventListener('error', ({ message }) => {
      this.#end(new Error(`The worker has failed: ${message || 'its script could not be loaded'}.`));
    });
    return worker;
  }

  #end(reason: Error): void {
    if (this.#running === undefined) return;
    this.#worker?.terminate();
    this.#worker = undefined;
    this.#running.reject(reason);
  }
}
