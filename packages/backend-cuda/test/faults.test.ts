/**
 * Kernels with a fault each, as one makes them: the tests of this package notice every one. A copy of the sources is changed in one
 * place and compiled into an emulator of its own.
 */
import { buildEmulator } from '@hetconv/cuda-emulator';
import { createRandom, DeviceLostError, hetConv2d } from '@hetconv/core';
import '@tensorflow/tfjs-layers'; // registers tfjs's gradients
import * as tf from '@tensorflow/tfjs-core';
import { cpSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { configure } from '../src/index.ts';
import { KERNELS, skipFor, useEmulator } from './emulator.ts';

skipFor(await useEmulator({ memory: 'exact' }));

interface Fault {
  readonly file: string;
  readonly change: readonly [from: string, to: string];
  readonly compute: () => tf.Tensor;
  /** What the emulator says; without it the numbers are wrong. */
  readonly failure?: RegExp;
}

const draw = (shape: number[]): tf.Tensor => {
  const random = createRandom('faults');
  return tf.tensor(
    Float32Array.from({ length: tf.util.sizeFromShape(shape) }, () => random.integer(-4, 4)),
    shape,
  );
};

const spatialGradient = (): tf.Tensor => {
  const x = draw([2, 5, 5, 10]) as tf.Tensor4D;
  const pointwise = draw([1, 1, 10, 10]) as tf.Tensor4D;
  const options = { part: 2, kernelSize: 3, pad: 'same' } as const;
  const f = (spatial: tf.Tensor): tf.Tensor => hetConv2d(x, pointwise, spatial as tf.Tensor3D, options);
  return tf.grad(f)(draw([8, 5, 10]), draw([2, 5, 5, 10]));
};

const FAULTS: Readonly<Record<string, Fault>> = {
  'writes one element too many': {
    file: 'batch-norm.cu',
    change: ['FOR_EACH(i, n)', 'FOR_EACH(i, n + 1)'],
    compute: () => tf.batchNorm(draw([2, 2, 2, 3]) as tf.Tensor4D, tf.zeros<tf.Rank.R1>([3]), tf.ones<tf.Rank.R1>([3])),
    failure: /batch_norm: wrote past the end of an allocation of 96 bytes/,
  },
  'leaves the last element out': {
    file: 'pool.cu',
    change: [
      'max_pool(const float* __restrict__ x, float* __restrict__ y, int n, const Plan p) {\n  FOR_EACH(i, n)',
      'max_pool(const float* __restrict__ x, float* __restrict__ y, int n, const Plan p) {\n  FOR_EACH(i, n - 1)',
    ],
    compute: () => tf.maxPool(draw([1, 4, 4, 2]) as tf.Tensor4D, 2, 2, 'valid'),
  },
  'a barrier that some threads do not meet': {
    file: 'copy.cu',
    change: [
      '    __syncthreads();\n    int row = blockIdx.y * 32 + threadIdx.x;',
      '    if (threadIdx.x < 20) __syncthreads();\n    int row = blockIdx.y * 32 + threadIdx.x;',
    ],
    compute: () => tf.transpose(draw([40, 50])),
    failure: /transpose_matrices: barrier divergence in block \(\d, \d, 0\)/,
  },
  'a missing barrier': {
    file: 'copy.cu',
    change: [
      '    __syncthreads();\n    int row = blockIdx.y * 32 + threadIdx.x;',
      '    int row = blockIdx.y * 32 + threadIdx.x;',
    ],
    compute: () => tf.transpose(draw([40, 50])),
  },
  'a missing barrier in a tree': {
    file: 'depthwise.cu',
    change: ['      __syncthreads();\n      if (share < half)', '      if (share < half)'],
    compute: () =>
      tf.grad((filter: tf.Tensor) =>
        tf.depthwiseConv2d(draw([1, 6, 6, 8]) as tf.Tensor4D, filter as tf.Tensor4D, 1, 'same'),
      )(draw([3, 3, 8, 1]), draw([1, 6, 6, 8])),
  },
  'a dropped tap': {
    file: 'hetconv-filter-gradient.cu',
    change: ['t < anchor ? t : t + 1', 't < anchor ? t : t'],
    compute: spatialGradient,
  },
  'a remainder that is forgotten': {
    file: 'hetconv-filter-gradient.cu',
    change: [
      'if (column + i < columns) v[i] = __ldg(line + residue',
      'if (column + 3 < columns) v[i] = __ldg(line + residue',
    ],
    compute: spatialGradient,
  },
};

describe('planted faults', () => {
  const folders: string[] = [];
  afterAll(() => {
    for (const folder of folders) rmSync(folder, { recursive: true, force: true });
  });

  /** The library of an emulator with the fault. */
  const emulatorWith = async (fault: Fault): Promise<string> => {
    const folder = mkdtempSync(join(tmpdir(), 'hetconv-fault-'));
    folders.push(folder);
    cpSync(KERNELS, folder, { recursive: true });
    plant(join(folder, fault.file), fault.change);
    const emulator = await buildEmulator({ kernels: folder });
    if (!emulator.available) throw new Error(emulator.reason);
    return emulator.library;
  };

  it.each(Object.entries(FAULTS))('%s', { timeout: 120_000 }, async (_, fault) => {
    await useEmulator({ memory: 'exact' });
    const expected = tf.tidy(() => Array.from(fault.compute().dataSync()));
    await useEmulator({ memory: 'exact', library: await emulatorWith(fault) });
    const run = (): number[] => tf.tidy(() => Array.from(fault.compute().dataSync()));
    if (fault.failure === undefined) {
      expect(run()).not.toEqual(expected);
    } else {
      expect(run).toThrow(DeviceLostError);
      expect(run).toThrow(fault.failure); // nothing works any more, and it still says why
    }
    configure({});
  });

  it('are reported late where work is deferred, with the kernels that may be to blame', async () => {
    const fault = FAULTS['writes one element too many'];
    await useEmulator({ memory: 'exact', streams: 'deferred', library: await emulatorWith(fault) });
    const y = fault.compute();
    await expect(y.data()).rejects.toThrow(DeviceLostError);
    await expect(y.data()).rejects.toThrow(/batch_norm/);
    expect(() => tf.relu(y)).toThrow(DeviceLostError);
    expect(() => y.dataSync()).toThrow(/\(latest kernels: batch_norm.*\)/);
    configure({});
  });
});

function plant(file: string, [from, to]: readonly [string, string]): void {
  const text = readFileSync(file, 'utf8');
  expect(text.split(from)).toHaveLength(2);
  writeFileSync(file, text.replace(from, to));
}
