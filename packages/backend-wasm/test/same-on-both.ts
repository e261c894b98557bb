/** What wasm computes against what tfjs's cpu backend computes, exactly. */
import * as tf from '@tensorflow/tfjs-core';
import { createRandom } from '@hetconv/core';
import { expect } from 'vitest';

/** A float32 tensor of small integers: sums and products of them are exact. */
export type Draw = (shape: number[]) => tf.Tensor;

/** Runs on cpu and on wasm from the same draws; every result must be equal, and no data left behind. */
export async function expectSameOnBoth(compute: (draw: Draw) => tf.Tensor[]): Promise<void> {
  const results: number[][][] = [];
  for (const name of ['cpu', 'wasm']) {
    await tf.setBackend(name);
    const before = [tf.memory().numTensors, tf.engine().backend.numDataIds()];
    const random = createRandom('standard');
    const draw: Draw = (shape) =>
      tf.tensor(
        Float32Array.from({ length: tf.util.sizeFromShape(shape) }, () => random.integer(-4, 4)),
        shape,
      );
    results.push(tf.tidy(() => compute(draw).map((t) => Array.from(t.dataSync(), (value) => value + 0))));
    expect([tf.memory().numTensors, tf.engine().backend.numDataIds()]).toEqual(before);
  }
  expect(results[1]).toEqual(results[0]);
}
