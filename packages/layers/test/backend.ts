/** The cpu backend with its HetConv kernels, and small helpers, for every test of this package. */
import { backend } from '@hetconv/backend-cpu';
import { createRandom } from '@hetconv/core';
import * as tf from '@tensorflow/tfjs-core';

export async function useCpu(): Promise<void> {
  const availability = await backend.prepare();
  if (!availability.available) throw new Error(availability.reason);
  await tf.setBackend('cpu');
}

/** Seeded values in [-1, 1). */
export function uniform<R extends tf.Rank = tf.Rank.R4>(shape: number[], seed: string): tf.Tensor<R> {
  const random = createRandom(seed);
  const size = shape.reduce((product, side) => product * side, 1);
  const values = Float32Array.from({ length: size }, () => 2 * random.uniform() - 1);
  return tf.tensor<tf.Rank>(values, shape) as tf.Tensor<R>;
}

/** Tensors left behind by a piece of work. */
export async function leaked(work: () => void | Promise<void>): Promise<number> {
  const before = tf.memory().numTensors;
  await work();
  return tf.memory().numTensors - before;
}
