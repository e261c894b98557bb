/** The emulator by itself, through the driver API as a C program would call it. */
import { fileURLToPath } from 'node:url';
import { beforeEach, describe, expect, it } from 'vitest';
import { buildEmulator } from '../src/build.ts';
import { Driver } from './driver.ts';

const kernels = fileURLToPath(new URL('kernels', import.meta.url));
const emulator = await buildEmulator({ kernels });

beforeEach((context) => {
  if (!emulator.available) context.skip(emulator.reason);
});

describe.each(['eager', 'deferred'] as const)('%s streams', (streams) => {
  let driver: Driver;
  beforeEach(() => {
    if (!emulator.available) return;
    process.env.CUDA_EMULATOR_STREAMS = streams;
    driver = new Driver(emulator.library);
  });

  it('shuffles and shared memory', () => {
    const x = driver.upload(Float32Array.from({ length: 192 }, (_, i) => i));
    const y = driver.allocate(12);
    driver.launch('sum_by_shuffles', 'pp', [3], [64], [x, y]);
    expect(Array.from(driver.floats(y, 3))).toEqual([2016, 6112, 10208]);
  });

  it('exchanges between lanes', () => {
    const x = driver.upload(Int32Array.from({ length: 64 }, (_, i) => i));
    const y = driver.allocate(256);
    driver.launch('exchange', 'pp', [1], [64], [x, y]);
    const expected = Array.from({ length: 64 }, (_, i) => 100 * (i ^ 1) + (i < 32 ? 3 : 35));
    expect(Array.from(driver.ints(y, 64))).toEqual(expected);
  });

  it('atomics of all blocks', () => {
    const y = driver.upload(Int32Array.of(0, -1));
    driver.launch('count_and_compete', 'p', [100], [96], [y]);
    expect(Array.from(driver.ints(y, 2))).toEqual([9600, 9599]);
  });

  it('three dimensions of blocks and threads', () => {
    const [blocks, threads] = [12, 30];
    const y = driver.allocate(4 * blocks * threads);
    driver.launch('where', 'p', [2, 3, 2], [5, 3, 2], [y]);
    const expected = Array.from({ length: blocks * threads }, (_, i) => Math.floor(i / threads) * 1000 + (i % threads));
    expect(Array.from(driver.ints(y, blocks * threads))).toEqual(expected);
  });

  it('barriers, many times', () => {
    const y = driver.allocate(4 * 96);
    driver.launch('rotate', 'pi', [1], [96], [y, 50]);
    expect(Array.from(driver.ints(y, 96))).toEqual(Array.from({ length: 96 }, (_, i) => (i + 50) % 96));
  });

  it.each([
    ['write_before', 'p', /write_before: wrote before the start of an allocation of 40 bytes/],
    ['write_past', 'pi', /write_past: wrote past the end of an allocation of 40 bytes/],
    [
      'diverge',
      'p',
      /diverge: barrier divergence .*of 10 threads 7 wait at __syncthreads, 0 at a warp barrier, 3 have ended/,
    ],
    ['diverge_in_warp', 'p', /diverge_in_warp: barrier divergence .* 3 wait at __syncthreads, 7 at a warp barrier/],
  ])('finds %s, and nothing works afterwards', (kernel, parameters, message) => {
    const y = driver.allocate(40);
    expect(() => {
      driver.launch(kernel, parameters, [1], [10], [y, 10].slice(0, parameters.length));
      driver.synchronize();
    }).toThrow(message);
    expect(() => driver.allocate(4)).toThrow(message);
  });

  it('refuses what a device refuses', () => {
    const y = driver.allocate(40);
    expect(() => driver.launch('write_past', 'pi', [1], [2000], [y, 0])).toThrow(/INVALID_VALUE/);
    expect(() => driver.launch('write_past', 'pi', [0], [32], [y, 0])).toThrow(/INVALID_VALUE/);
    expect(() => driver.launch('write_past', 'p', [1], [1], [y])).toThrow(
      /PTX of write_past is not that of the sources/,
    );
    expect(() => driver.ints(y, 11)).toThrow(/INVALID_VALUE/);
  });
});

it('copies that are not ordered with the stream do not wait for it when streams are deferred', () => {
  if (!emulator.available) return;
  process.env.CUDA_EMULATOR_STREAMS = 'deferred';
  const driver = new Driver(emulator.library);
  const y = driver.allocate(4 * 96);
  driver.launch('rotate', 'pi', [1], [96], [y, 1]);
  expect(driver.unordered(y, 1)[0]).toBe(-1); // fresh memory: every bit set
  driver.synchronize();
  expect(driver.unordered(y, 1)[0]).toBe(1);
});
