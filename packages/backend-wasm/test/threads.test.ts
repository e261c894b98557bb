import { setTimeout } from 'node:timers/promises';
import { Worker } from 'node:worker_threads';
import { createRandom } from '@hetconv/core';
import { describe, expect, it } from 'vitest';
import { emitOuterKernel, type OuterRun, TILE } from '../src/emit/outer-kernel.ts';
import { Modules } from '../src/host/modules.ts';
import { setThreads } from '../src/index.ts';
import { Pool } from '../src/threads/pool.ts';

/** A product large enough for the pool: x [pixels, rows]^T * dy [pixels, columns]. */
const [PIXELS, ROWS, COLUMNS] = [256, 4, 512];

// tfjs has threads in browsers only (bench/browser.ts runs there). Pool, worker and kernels are the same here,
// over a shared memory of our own.
describe('the pool of threads', () => {
  it('computes the same bits as one thread, job after job', async () => {
    const memory = new WebAssembly.Memory({ initial: 64, maximum: 65536, shared: true });
    const pool = new Pool(memory, 3, (source) => new Worker(source, { eval: true }));
    try {
      const { args, gradient } = layOut(memory);
      const alone = new Modules(memory, true, undefined);
      const together = new Modules(memory, true, pool);
      const emit = (): ReturnType<typeof emitOuterKernel> =>
        emitOuterKernel({ instructionSet: 'simd', rows: ROWS, rowBytes: 4, quads: 1, load: 'splat', separate: false });
      const split = { count: 1, pointer: 0, bytes: TILE.bytes };
      const result = (modules: Modules): Float32Array => {
        new Float32Array(memory.buffer).fill(Number.NaN, gradient / 4, gradient / 4 + ROWS * COLUMNS);
        modules.call(modules.get('kernel', emit), [...args], split, PIXELS * ROWS * COLUMNS);
        return new Float32Array(memory.buffer).slice(gradient / 4, gradient / 4 + ROWS * COLUMNS);
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

/** Operands, tiles and pairs in the memory. */
function layOut(memory: WebAssembly.Memory): { args: Parameters<OuterRun>; gradient: number } {
  const random = createRandom('threads');
  const [floats, ints] = [new Float32Array(memory.buffer), new Int32Array(memory.buffer)];
  let end = 1024;
  const take = (bytes: number): number => (end += bytes) - bytes;
  const x = take(4 * PIXELS * ROWS);
  const dy = take(4 * PIXELS * COLUMNS);
  for (let i = x / 4; i < end / 4; i++) floats[i] = random.uniform() - 0.5;
  const gradient = take(4 * ROWS * COLUMNS);
  const pairs = take(8 * PIXELS);
  for (let p = 0; p < PIXELS; p++) ints.set([4 * ROWS * p, 4 * COLUMNS * p], pairs / 4 + 2 * p);
  const tileCount = COLUMNS / 4;
  const tiles = take(TILE.bytes * tileCount);
  for (let t = 0; t < tileCount; t++) {
    const record = (tiles + TILE.bytes * t) / 4;
    ints[record + TILE.x / 4] = 0;
    ints[record + TILE.dy[0] / 4] = 16 * t;
    ints[record + TILE.gradient[0] / 4] = 16 * t;
    ints[record + TILE.lanes[0] / 4] = 4;
  }
  return { args: [tiles, tileCount, pairs, PIXELS, x, dy, gradient, 4 * COLUMNS, 1], gradient };
}
