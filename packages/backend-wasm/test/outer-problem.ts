/** A filter gradient laid out by hand in a shared memory of our own: what the pool of threads can be tried on in Node. */
import { createRandom } from '@hetconv/core';
import { emitOuterKernel, type OuterRun, TILE } from '../src/emit/outer-kernel.ts';
import type { Split } from '../src/threads/pool.ts';

const ROWS = 4;

export interface OuterProblem {
  readonly args: Parameters<OuterRun>;
  /** Address of the result, and its number of values. */
  readonly gradient: number;
  readonly size: number;
  /** Multiply-adds. */
  readonly work: number;
  readonly split: Split;
  readonly emit: () => ReturnType<typeof emitOuterKernel>;
}

/** x [pixels, 4]^T * dy [pixels, columns], a tile of the kernel per 4 columns. */
export function outerProblem(memory: WebAssembly.Memory, pixels: number, columns: number): OuterProblem {
  const random = createRandom('threads');
  const [floats, ints] = [new Float32Array(memory.buffer), new Int32Array(memory.buffer)];
  let end = 1024;
  const take = (bytes: number): number => (end += bytes) - bytes;
  const x = take(4 * pixels * ROWS);
  const dy = take(4 * pixels * columns);
  for (let i = x / 4; i < end / 4; i++) floats[i] = random.uniform() - 0.5;
  const gradient = take(4 * ROWS * columns);
  const pairs = take(8 * pixels);
  for (let p = 0; p < pixels; p++) ints.set([4 * ROWS * p, 4 * columns * p], pairs / 4 + 2 * p);
  const tileCount = columns / 4;
  const tiles = take(TILE.bytes * tileCount);
  for (let t = 0; t < tileCount; t++) {
    const record = (tiles + TILE.bytes * t) / 4;
    ints[record + TILE.x / 4] = 0;
    ints[record + TILE.dy[0] / 4] = 16 * t;
    ints[record + TILE.gradient[0] / 4] = 16 * t;
    ints[record + TILE.lanes[0] / 4] = 4;
  }
  return {
    args: [tiles, tileCount, pairs, pixels, x, dy, gradient, 4 * columns, 1],
    gradient,
    size: ROWS * columns,
    work: pixels * ROWS * columns,
    split: { count: 1, pointer: 0, bytes: TILE.bytes },
    emit: () =>
      emitOuterKernel({ instructionSet: 'simd', rows: ROWS, rowBytes: 4, quads: 1, load: 'splat', separate: false }),
  };
}
