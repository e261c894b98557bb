import { setTimeout } from 'node:timers/promises';
import { Worker } from 'node:worker_threads';
import { describe, expect, it } from 'vitest';
import { Modules } from '../src/host/modules.ts';
import { setThreads } from '../src/index.ts';
import { Pool } from '../src/threads/pool.ts';
import { outerProblem } from './outer-problem.ts';

// tfjs has threads in browsers only (bench/browser.ts runs there). Pool, worker and kernels are the same here,
// over a shared memory of our own.
describe('the pool of threads', () => {
  it('computes the same bits as one thread, job after job', async () => {
    const memory = new WebAssembly.Memory({ initial: 64, maximum: 65536, shared: true });
    const pool = new Pool(memory, 3, (source) => new Worker(source, { eval: true }));
    try {
      const { args, gradient, size, work, split, emit } = outerProblem(memory, 256, 512);
      const alone = new Modules(memory, true, undefined);
      const together = new Modules(memory, true, pool);
      const result = (modules: Modules): Float32Array => {
        new Float32Array(memory.buffer).fill(Number.NaN, gradient / 4, gradient / 4 + size);
        modules.call(modules.get('kernel', emit), [...args], split, work);
        return new Float32Array(memory.buffer).slice(gradient / 4, gradient / 4 + size);
      };
      const expected = result(alone);
      expect(expected.every(Number.isFinite)).toBe(true);
      expect(result(together)).toEqual(expected); // workers are still starting: the main thread alone
      while (pool.threads === 1) await setTimeout(5);
      expect(pool.threads).toBe(4);
      for (let i = 0; i < 200; i++) expect(result(together)).toEqual(expected);
    } finally {
      pool.stop();
    }
  });

  it('reports a kernel that fails in a worker', async () => {
    const memory = new WebAssembly.Memory({ initial: 1, maximum: 1, shared: true });
    const pool = new Pool(memory, 1, (source) => new Worker(source, { eval: true }));
    try {
      while (pool.threads === 1) await setTimeout(5);
      const kernel = pool.add(Uint8Array.of(0)); // no module
      expect(() => pool.run(kernel, () => undefined, [2, 0], { count: 0, pointer: 1, bytes: 4 })).toThrow(
        /failed in a worker thread/,
      );
    } finally {
      pool.stop();
    }
  });

  it.each([0, 1.5, Number.NaN])('setThreads refuses %d', (count) => {
    expect(() => setThreads(count)).toThrow(/count must be a positive integer/);
  });
});
