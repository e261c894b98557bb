/**
 * Times of kernels by the device's own clock. Before each run a buffer larger than the cache is written: the run finds nothing of the run
 * before in it, and the host has queued the run before the device comes to it, so that the host's time is not in the figure.
 */
import * as tf from '@tensorflow/tfjs-core';
import type { CudaBackend } from '../src/index.ts';
import type { Block } from '../src/device/memory-pool.ts';
import type { Handle } from '../src/driver/api.ts';
import { peakOf } from './floor.ts';

/** Writing the buffer takes at least so long: several times what the host needs for a call. */
const COVER_MS = 0.25;
/** For a device that does not tell its bandwidth, as an emulator. */
const UNKNOWN_BYTES = 2 ** 16;

export interface Timed {
  readonly ms: readonly number[];
  /** Of the host, for one call: what a program sees where the device is faster. */
  readonly hostMs: number;
}

export class DeviceClock {
  readonly flushBytes: number;
  readonly #backend: CudaBackend;
  readonly #buffer: Block;

  constructor(backend: CudaBackend) {
    const { facts, memory } = backend.device;
    const peak = peakOf(facts);
    const covering = peak === undefined ? UNKNOWN_BYTES : peak.gigabytes * 1e6 * COVER_MS;
    this.flushBytes = 4 * Math.ceil(Math.max(covering, 4 * facts.l2Bytes) / 4);
    this.#backend = backend;
    this.#buffer = memory.take(this.flushBytes, 'the buffer between runs');
  }

  /** @param compute one run; its result is disposed */
  async time(compute: () => tf.Tensor, runs: number): Promise<Timed> {
    const { device } = this.#backend;
    const marks: (readonly [Handle, Handle])[] = [];
    let hostMs = 0;
    for (let i = 0; i < runs; i++) {
      device.fill(this.#buffer.pointer, i, this.flushBytes / 4);
      const start = device.events.record();
      const before = performance.now();
      tf.tidy(compute).dispose();
      hostMs += performance.now() - before;
      marks.push([start, device.events.record()]);
    }
    await device.events.reached(marks[runs - 1][1]);
    const ms = marks.map(([start, end]) => device.events.millisecondsBetween(start, end));
    for (const mark of marks.flat()) device.events.release(mark);
    return { ms, hostMs: hostMs / runs };
  }

  dispose(): void {
    this.#backend.device.memory.release(this.#buffer);
  }
}
