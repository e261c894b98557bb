/** What is said where the backend cannot run, and what is left of it after it has. */
import { HetConvError, OutOfMemoryError, UnsupportedError } from '@hetconv/core';
import * as tf from '@tensorflow/tfjs-core';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { backend, configure, CudaBackend, fallbackCounts, register, resetFallbackCounts } from '../src/index.ts';
import { sizeClass } from '../src/device/size-classes.ts';
import { chooseEmulator, current, skipFor, useEmulator } from './emulator.ts';

const reason = await chooseEmulator();

const CHANGED = ['CUDA_EMULATOR_DRIVER_VERSION', 'CUDA_EMULATOR_DEVICES', 'CUDA_EMULATOR_MEMORY'];

afterEach(async () => {
  for (const name of CHANGED) delete process.env[name];
  await chooseEmulator();
});

describe('without a driver', () => {
  it('says what is missing on a machine without a driver', async () => {
    configure({ library: '/nowhere/libcuda.so.1' });
    const availability = await backend.prepare();
    expect(availability).toMatchObject({ available: false });
    expect(availability).toHaveProperty('reason', expect.stringContaining('/nowhere/libcuda.so.1'));
  });

  it('fails setBackend with that sentence', async () => {
    configure({ library: '/nowhere/libcuda.so.1' });
    register();
    const warn = vi.spyOn(console, 'warn').mockImplementation(() => {});
    expect(await tf.setBackend('cuda')).toBe(false);
    expect(warn.mock.calls.flat().join('\n')).toContain('could not be loaded: /nowhere/libcuda.so.1');
    warn.mockRestore();
    await tf.setBackend('cpu');
  });
});

describe('with a driver that does not do', () => {
  skipFor(reason);

  it('refuses a driver that is too old', () => {
    process.env.CUDA_EMULATOR_DRIVER_VERSION = '10020';
    expect(() => new CudaBackend()).toThrow(UnsupportedError);
    expect(() => new CudaBackend()).toThrow(
      /too old: it offers CUDA 10\.2, and the cuda backend needs 11\.0 .*Update the driver/,
    );
  });

  it('refuses a GPU that is not there', async () => {
    process.env.CUDA_EMULATOR_DEVICES = '0';
    expect(() => new CudaBackend()).toThrow(/asked for GPU 0, but the NVIDIA driver finds no GPU/);
    delete process.env.CUDA_EMULATOR_DEVICES;
    await chooseEmulator({ device: 3 });
    expect(() => new CudaBackend()).toThrow(/asked for GPU 3, but the NVIDIA driver has 1 of them/);
  });
});

describe('sizes of device memory', () => {
  it('waste at most a fifth', () => {
    for (let bytes = 1; bytes < 100_000; bytes += 97) {
      const size = sizeClass(bytes);
      expect(size).toBeGreaterThanOrEqual(bytes);
      expect(sizeClass(size)).toBe(size);
      if (bytes > 1024) expect(size).toBeLessThanOrEqual(bytes * 1.25);
    }
  });
});

describe('device memory', () => {
  skipFor(reason);

  it('is kept for the next tensor, and given back before the device is said to be full', async () => {
    process.env.CUDA_EMULATOR_MEMORY = String(2 ** 20);
    await useEmulator();
    const { memory } = current().device;
    tf.zeros([1000]).dispose();
    expect(memory.figures()).toEqual({ bytesInUse: 0, bytesAllocated: 4096, idleBlocks: 1 });
    const again = tf.zeros([1000]);
    expect(memory.figures()).toEqual({ bytesInUse: 4096, bytesAllocated: 4096, idleBlocks: 0 });
    again.dispose();
    const most = tf.zeros([2 ** 18]); // all there is: the idle block must go
    expect(memory.figures()).toEqual({ bytesInUse: 2 ** 20, bytesAllocated: 2 ** 20, idleBlocks: 0 });
    expect(tf.memory()).toMatchObject({ unreliable: false, numBytesInGPU: 2 ** 20 });
    expect(() => tf.zeros([1])).toThrow(OutOfMemoryError);
    expect(() => tf.zeros([1])).toThrow('could not allocate 256 bytes for a float32 tensor of 1 elements');
    most.dispose();
    // A kernel that runs out half-way leaves nothing: there is room for these ints as floats, and none for their sum.
    const ints = tf.zeros([2 ** 17], 'int32');
    const before = current().numDataIds();
    expect(() => tf.mean(ints)).toThrow(OutOfMemoryError);
    expect(current().numDataIds()).toBe(before);
    expect(memory.figures().bytesInUse).toBe(2 ** 19);
    ints.dispose();
    expect(tf.tidy(() => tf.ones([3]).dataSync())).toEqual(Float32Array.of(1, 1, 1));
  });
});

describe('reading', () => {
  skipFor(reason);

  it('lets the event loop go on', async () => {
    await useEmulator({ streams: 'deferred' });
    const x = tf.tensor1d([1, 2, 3]);
    const y = tf.square(x);
    let ticks = 0;
    const ticking = setInterval(() => ticks++, 0);
    const data = y.data();
    y.dispose(); // the block is held until it has been read
    const other = tf.fill([3], 9);
    expect(await data).toEqual(Float32Array.of(1, 4, 9));
    expect(Array.from(other.dataSync())).toEqual([9, 9, 9]);
    await new Promise((resolve) => setTimeout(resolve, 5));
    clearInterval(ticking);
    expect(ticks).toBeGreaterThan(0);
    tf.dispose([x, other]);
    expect(current().device.memory.figures().bytesInUse).toBe(0);
  });

  it('uploads do not overtake kernels that read the recycled block', async () => {
    await useEmulator({ streams: 'deferred' });
    const first = tf.tensor1d([1, 2, 3]);
    const sum = tf.add(first, 1);
    first.dispose();
    const second = tf.tensor1d([10, 20, 30]);
    expect(sum.dataSync()).toEqual(Float32Array.of(2, 3, 4));
    tf.dispose([sum, second]);
  });

  it('strings and complex numbers are held, though nothing is computed with them', async () => {
    await useEmulator();
    expect(tf.tidy(() => tf.tensor1d(['a', 'b']).dataSync())).toEqual(['a', 'b']);
    const before = current().numDataIds();
    tf.tidy(() => {
      const z = tf.complex([1, 2], [3, 4]);
      expect(z.dataSync()).toEqual(Float32Array.of(1, 3, 2, 4));
      expect([tf.real(z), tf.imag(z)].map((part) => Array.from(part.dataSync()))).toEqual([
        [1, 2],
        [3, 4],
      ]);
    });
    expect(current().numDataIds()).toBe(before);
  });
});

describe('tensors of other backends', () => {
  skipFor(reason);

  it('come when they are used, and go again', async () => {
    await useEmulator();
    await tf.setBackend('cpu');
    const x = tf.tensor1d([1, 2, 3]);
    const truth = tf.tensor1d([1, 0, 1], 'bool');
    await tf.setBackend('cuda');
    const before = current().numDataIds();
    const y = tf.tidy(() => tf.where(truth, x, tf.neg(x)));
    expect(Array.from(await y.data())).toEqual([1, -2, 3]);
    await tf.setBackend('cpu');
    expect(Array.from(tf.add(y, x).dataSync())).toEqual([2, 0, 6]);
    tf.dispose([x, y, truth]);
    await tf.setBackend('cuda');
    expect(current().numDataIds()).toBe(before);
  });
});

describe('time and profile', () => {
  skipFor(reason);

  it('come from the device', async () => {
    await useEmulator({ streams: 'deferred' });
    const x = tf.ones([64, 64]);
    const { kernelMs } = (await tf.time(() => tf.matMul(x, x).dispose())) as { kernelMs: number };
    expect(kernelMs).toBeGreaterThan(0);
    const profile = await tf.profile(() => tf.relu(x));
    expect(profile.kernelNames).toEqual(['Relu']);
    x.dispose();
    tf.dispose(profile.result);
  });
});

describe('kernels on the CPU', () => {
  skipFor(reason);

  it('are counted, and forbidden by CUDA_STRICT', async () => {
    await useEmulator();
    resetFallbackCounts();
    const x = tf.tensor1d([3, 1, 2]);
    tf.env().set('CUDA_STRICT', false);
    const before = tf.engine().findBackend('cpu').numDataIds();
    const { values, indices } = tf.topk(x, 2);
    expect([values, indices].map((y) => Array.from(y.dataSync()))).toEqual([
      [3, 2],
      [0, 2],
    ]);
    const concatenated = tf.concat([x, tf.cast(values, 'int32')]);
    expect(Array.from(concatenated.dataSync())).toEqual([3, 1, 2, 3, 2]);
    expect(fallbackCounts()).toMatchObject({ TopK: 1 });
    expect(tf.engine().findBackend('cpu').numDataIds()).toBe(before);
    tf.env().set('CUDA_STRICT', true);
    expect(() => tf.topk(x, 2)).toThrow(/no kernel of its own for this 'TopK', and CUDA_STRICT forbids/);
    tf.env().set('CUDA_STRICT', false);
    tf.dispose([x, values, indices, concatenated]);
  });
});

describe('a launch that is refused', () => {
  skipFor(reason);

  it('names the kernel', async () => {
    await useEmulator();
    const { device } = current();
    // A block has at most 1,024 threads.
    const launch = (threads: number): void => device.launcher.launch('one_hot', [1], [threads], 0, 0, 0, 1, 0, 0);
    expect(() => launch(2000)).toThrow(HetConvError);
    expect(() => launch(2000)).toThrow(/kernel one_hot failed with CUDA_ERROR_INVALID_VALUE/);
    launch(32);
    expect(device.launcher.suspects()).toContain('one_hot');
    device.synchronize();
    expect(device.launcher.suspects()).toBe('');
  });
});
