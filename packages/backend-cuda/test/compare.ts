/** The same program on cpu and on cuda. */
import { createRandom } from '@hetconv/core';
import * as tf from '@tensorflow/tfjs-core';
import { expect } from 'vitest';

/** A tensor of small integers, the same in every run: sums and products of them are exact in float32. */
export type Draw = (shape: number[]) => tf.Tensor;

/** Every result must be equal in shape, type and value, and no data may be left behind. */
export async function expectSameOnCpu(compute: (draw: Draw) => tf.Tensor[]): Promise<void> {
  const results: unknown[] = [];
  for (const name of ['cpu', 'cuda']) {
    await tf.setBackend(name);
    const before = [tf.memory().numTensors, tf.engine().backend.numDataIds()];
    const random = createRandom('stock');
    const draw: Draw = (shape) =>
      tf.tensor(
        Float32Array.from({ length: tf.util.sizeFromShape(shape) }, () => random.integer(-4, 4)),
        shape,
      );
    const described = tf.tidy(() =>
      compute(draw).map((y) => ({ shape: y.shape, dtype: y.dtype, values: Array.from(y.dataSync(), (v) => v + 0) })),
    );
    results.push(described);
    expect([tf.memory().numTensors, tf.engine().backend.numDataIds()]).toEqual(before);
  }
  expect(results[1]).toEqual(results[0]);
}
