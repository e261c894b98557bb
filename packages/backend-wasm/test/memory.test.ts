import * as tf from '@tensorflow/tfjs-core';
import { fused, OutOfMemoryError, planHetConv, referenceForward } from '@hetconv/core';
import type { BackendWasm } from '@tensorflow/tfjs-backend-wasm';
import { beforeAll, describe, expect, it } from 'vitest';
import { runtimeOf } from '../src/host/runtime.ts';
import { backend, wasmKernels } from '../src/index.ts';
import { operandsOf, tensorsOf } from './cases.ts';

beforeAll(async () => {
  expect(await backend.prepare()).toEqual({ available: true });
  await tf.setBackend('wasm');
});

const REQUEST = { inputShape: [1, 6, 6, 16], outChannels: 16, part: 4, kernelSize: 3, pad: 'same' } as const;
/** The op with everything that has a gradient as an argument. */
const op = (x: tf.Tensor, pointwise: tf.Tensor, spatial: tf.Tensor): tf.Tensor =>
  fused.hetConv2d({
    ...REQUEST,
    x: x as tf.Tensor4D,
    pointwise: pointwise as tf.Tensor4D,
    spatial: spatial as tf.Tensor3D,
  });

const wasm = (): BackendWasm => tf.backend() as BackendWasm;

describe('memory', () => {
  it('does not grow over 10,000 calls', () => {
    const tensors = tensorsOf(operandsOf(REQUEST, 'reals'));
    const call = (): void => fused.hetConv2d({ ...REQUEST, ...tensors, activation: 'relu' }).dispose();
    call();
    const runtime = runtimeOf(wasm());
    const before = [wasm().numDataIds(), runtime.cachedBytes, runtime.host.memory.buffer.byteLength];
    for (let i = 0; i < 10_000; i++) call();
    expect([wasm().numDataIds(), runtime.cachedBytes, runtime.host.memory.buffer.byteLength]).toEqual(before);
    tf.dispose(Object.values(tensors));
  });

  it('does not grow when weights change at every step', () => {
    const operands = operandsOf(REQUEST, 'reals');
    const { x, pointwise, spatial, dy } = tensorsOf(operands);
    const variables = [tf.variable(pointwise), tf.variable(spatial)] as const;
    const runtime = runtimeOf(wasm());
    const step = (): void =>
      tf.tidy(() => {
        const [, dPointwise, dSpatial] = tf.grads(op)([x, ...variables], dy);
        (variables[0] as tf.Variable).assign(tf.sub(variables[0], tf.mul(dPointwise, 1e-4)));
        (variables[1] as tf.Variable).assign(tf.sub(variables[1], tf.mul(dSpatial, 1e-4)));
      });
    step();
    const before = [wasm().numDataIds(), runtime.cachedBytes];
    const heap = runtime.host.memory.buffer.byteLength;
    for (let i = 0; i < 500; i++) step();
    expect([wasm().numDataIds(), runtime.cachedBytes]).toEqual(before);
    expect(runtime.host.memory.buffer.byteLength).toBe(heap);
    tf.dispose([x, pointwise, spatial, dy, ...variables]);
  });

  it('frees packed weights with the weights, and never serves stale ones', () => {
    const runtime = runtimeOf(wasm());
    const request = { ...REQUEST, part: 8 };
    const plan = planHetConv(request);
    const [first, second] = [operandsOf(request, 'integers'), operandsOf({ ...request, strides: 2 }, 'integers')];
    const a = tensorsOf(first);
    tf.dispose(fused.hetConv2d({ ...request, ...a }));
    const weights = tf.variable(a.pointwise);
    tf.dispose(fused.hetConv2d({ ...request, ...a, pointwise: weights }));
    const before = runtime.cachedBytes;
    weights.assign(tf.tensor4d(second.pointwise, [1, 1, 16, 16]));
    const y = fused.hetConv2d({ ...request, ...a, pointwise: weights });
    const expected = referenceForward(plan, first.x, second.pointwise, first.spatial).values;
    expect(Array.from(y.dataSync())).toEqual(Array.from(expected));
    tf.dispose([y, weights, ...Object.values(a)]);
    expect(runtime.cachedBytes).toBeLessThan(before);
  });

  it('takes weights that lie on another backend, though their move makes the memory grow', async () => {
    await import('@tensorflow/tfjs-backend-cpu');
    await tf.setBackend('cpu');
    const request = { inputShape: [1, 2, 2, 512], outChannels: 1024, part: 8, kernelSize: 3, pad: 'same' } as const;
    const operands = operandsOf(request, 'integers');
    const tensors = tensorsOf(operands);
    await tf.setBackend('wasm');
    const { host } = runtimeOf(wasm());
    // Take what the memory has left, so that the move needs more.
    const taken: number[] = [];
    const size = host.memory.buffer.byteLength;
    while (host.memory.buffer.byteLength === size) taken.push(host.allocate(2 ** 16, 'a test'));
    const grown = host.memory.buffer.byteLength;
    taken.push(host.allocate(grown - size - 3 * 2 ** 20, 'a test')); // 3 MiB are left; each weight tensor has 2
    const y = fused.hetConv2d({ ...request, ...tensors });
    const { values } = referenceForward(operands.plan, operands.x, operands.pointwise, operands.spatial);
    expect(Array.from(y.dataSync(), (value) => value + 0)).toEqual(Array.from(values, (value) => value + 0));
    for (const address of taken) host.free(address);
    tf.dispose([y, ...Object.values(tensors)]);
  });

  it('does not grow when one of the two weight tensors changes at every step', () => {
    const tensors = tensorsOf(operandsOf(REQUEST, 'reals'));
    const runtime = runtimeOf(wasm());
    const step = (): void =>
      tf.tidy(() => void fused.hetConv2d({ ...REQUEST, ...tensors, pointwise: tf.add(tensors.pointwise, 1) }));
    step();
    const before = runtime.cachedBytes;
    for (let i = 0; i < 100; i++) step();
    expect(runtime.cachedBytes).toBe(before);
    expect([...runtime.derivedFrom(tensors.spatial.dataId)]).toHaveLength(0);
    tf.dispose(Object.values(tensors));
  });

  it('starts afresh when the backend is removed and added again', async () => {
    const request = { ...REQUEST, part: 4 };
    const operands = operandsOf(request, 'integers');
    const expected = Array.from(
      referenceForward(operands.plan, operands.x, operands.pointwise, operands.spatial).values,
    );
    const compute = (): number[] =>
      tf.tidy(() => Array.from(fused.hetConv2d({ ...request, ...tensorsOf(operands) }).dataSync()));
    expect(compute()).toEqual(expected);
    const [first, factory] = [wasm(), tf.findBackendFactory('wasm')];
    tf.removeBackend('wasm');
    tf.registerBackend('wasm', factory, 2);
    await tf.setBackend('wasm');
    expect(wasm()).not.toBe(first);
    expect(compute()).toEqual(expected);
  });

  // Last: it leaves the memory of this process large.
  it('reports allocations that fail, and goes on afterwards', () => {
    const tensors = tensorsOf(operandsOf({ ...REQUEST, part: 2 }, 'integers'));
    const { host } = runtimeOf(wasm());
    expect(() => host.allocate(2 ** 31, 'a test')).toThrow(/2147483648 bytes for a test/);
    const taken: number[] = [];
    const takeAll = (): void => {
      for (let i = 0; i < 5; i++) taken.push(host.allocate(2 ** 30, 'a test')); // 5 GiB do not fit into 4
    };
    expect(takeAll).toThrow(OutOfMemoryError);
    expect(taken.length).toBeLessThan(4);
    expect(taken.every((address) => address + 2 ** 30 <= host.memory.buffer.byteLength)).toBe(true);
    const before = wasm().numDataIds();
    const large = { ...REQUEST, inputShape: [1, 4096, 4096, 16] } as const;
    const { plan } = operandsOf(REQUEST, 'integers');
    const call = { ...tensors, backend: wasm(), activation: 'linear', leakyreluAlpha: 0 } as const;
    const huge = { ...plan, ...planHetConv(large), outHeight: 8192, outWidth: 8191 };
    expect(() => wasmKernels().forward({ ...call, plan: huge })).toThrow(OutOfMemoryError);
    expect(wasm().numDataIds()).toBe(before);
    for (const address of taken) host.free(address);

    // Above 2 GiB addresses are negative to the allocator and to Wasm's constants; the kernels must not mind.
    const fill = [0x3000_0000, 0x3000_0000, 0x3000_0000].map((bytes) => host.allocate(bytes, 'a test'));
    while (fill[fill.length - 1] < 2 ** 31) fill.push(host.allocate(2 ** 16, 'a test'));
    const request = { ...REQUEST, inputShape: [1, 40, 40, 16], part: 2 } as const; // 100 KiB: no gap below is that large
    const operands = operandsOf(request, 'integers');
    const moved = tensorsOf(operands);
    const y = fused.hetConv2d({ ...request, ...moved });
    expect(host.addressOf(moved.x)).toBeGreaterThan(2 ** 31);
    expect(host.addressOf(y)).toBeGreaterThan(2 ** 31);
    const expected = referenceForward(operands.plan, operands.x, operands.pointwise, operands.spatial).values;
    expect(Array.from(y.dataSync())).toEqual(Array.from(expected));
    tf.dispose([y, ...Object.values(tensors), ...Object.values(moved)]);
    for (const address of fill) host.free(address);
  });
});
