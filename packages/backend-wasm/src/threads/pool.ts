/**
 * Workers over the shared memory of tfjs's threaded build. A kernel call is split into contiguous ranges of its tiles or
 * groups; each is computed exactly as by one thread, so the results are the same bits. Until all workers have started,
 * and for calls that are too small, the main thread computes alone.
 */
import { UnsupportedError } from '@hetconv/core';
import { ARGUMENTS, CODE, CONTROL_BYTES, DIRECTORY, FIELD, MOST_KERNELS } from './control.ts';
import { WORKER_SOURCE } from './worker-source.ts';

/** What is used of a worker, in a browser or in Node. */
export interface WorkerLike {
  postMessage(message: unknown, transfer: []): void;
  terminate(): unknown;
}

/** Along which argument a kernel call may be cut: `count` items that lie `bytes` apart from `pointer` on. */
export interface Split {
  readonly count: number;
  readonly pointer: number;
  readonly bytes: number;
}

/** A kernel as exported by its module. */
export type Run = (...args: number[]) => void;

/** Longer than any kernel call takes: a worker that has not answered by then is gone. */
const PATIENCE_MS = 60_000;

export class Pool {
  readonly #control = new SharedArrayBuffer(CONTROL_BYTES);
  readonly #fields = new Int32Array(this.#control);
  readonly #arguments = new Float64Array(this.#control, ARGUMENTS);
  readonly #directory = new Int32Array(this.#control, DIRECTORY, 2 * MOST_KERNELS);
  readonly #workers: readonly WorkerLike[];
  #kernels = 0;
  #codeEnd = CODE;

  /** @param workers beside the main thread */
  constructor(memory: WebAssembly.Memory, workers: number, spawn: (source: string) => WorkerLike = spawnFromBlob) {
    this.#workers = Array.from({ length: workers }, (_, i) => {
      const worker = spawn(WORKER_SOURCE);
      worker.postMessage({ index: i + 1, memory, control: this.#control }, []);
      return worker;
    });
  }

  /** Threads that take part in a call now, the main one included. */
  get threads(): number {
    const all = Atomics.load(this.#fields, FIELD.ready) === this.#workers.length;
    return all ? this.#workers.length + 1 : 1;
  }

  /** Makes a kernel known to the workers. @returns its number, or -1 where there is no room for more */
  add(code: Uint8Array): number {
    if (this.#kernels === MOST_KERNELS || this.#codeEnd + code.length > CONTROL_BYTES) return -1;
    new Uint8Array(this.#control).set(code, this.#codeEnd);
    this.#directory.set([this.#codeEnd, code.length], 2 * this.#kernels);
    this.#codeEnd += code.length;
    return this.#kernels++;
  }

  /** Computes a call on all threads; returns when it is done. */
  run(kernel: number, run: Run, args: number[], split: Split): void {
    const fields = this.#fields;
    const total = args[split.count];
    const shares = Math.min(this.threads, total);
    this.#arguments.set(args);
    fields[FIELD.argumentCount] = args.length;
    fields[FIELD.kernel] = kernel;
    fields[FIELD.shares] = shares;
    fields[FIELD.count] = split.count;
    fields[FIELD.pointer] = split.pointer;
    fields[FIELD.bytes] = split.bytes;
    Atomics.store(fields, FIELD.pending, this.#workers.length);
    Atomics.add(fields, FIELD.sequence, 1);
    Atomics.notify(fields, FIELD.sequence);
    args[split.count] = Math.floor(total / shares); // the first range begins where the call does
    run(...args);
    this.#join();
  }

  stop(): void {
    Atomics.store(this.#fields, FIELD.stop, 1);
    Atomics.add(this.#fields, FIELD.sequence, 1);
    Atomics.notify(this.#fields, FIELD.sequence);
    for (const worker of this.#workers) worker.terminate();
  }

  /** Spins: the main thread of a page may not sleep. */
  #join(): void {
    const fields = this.#fields;
    const start = performance.now();
    for (let spins = 1; Atomics.load(fields, FIELD.pending) > 0; spins++) {
      if (spins % 2 ** 20 === 0 && performance.now() - start > PATIENCE_MS) {
        throw new UnsupportedError('A HetConv worker thread does not answer any more.');
      }
    }
    if (Atomics.exchange(fields, FIELD.failed, 0) === 1) {
      throw new UnsupportedError('A HetConv kernel failed in a worker thread.');
    }
  }
}

function spawnFromBlob(source: string): WorkerLike {
  const url = URL.createObjectURL(new Blob([source], { type: 'text/javascript' }));
  try {
    return new Worker(url);
  } finally {
    // The fetch of a worker's script begins with its construction, but not all engines hold on to the blob by then.
    setTimeout(() => URL.revokeObjectURL(url), 10_000);
  }
}
