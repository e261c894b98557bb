/** The cpu backend with its HetConv kernels, and small helpers, for every test of this package. */
import { backend } from '@hetconv/backend-cpu';
import { createRandom } from '@hetconv/core';
import * as tf from '@tensorflow/tfjs-core';

export async function useCpu(): Promise<void> {
  const availability = await backend.prepare();
  if (!availability.available) throw new Error(availability.reason);
  await tf.setBackend('cpu');
}

/** Seeded pixels in [0, 1). */
export function images(count: number, size: number, seed: string): tf.Tensor4D {
  const random = createRandom(seed);
  const pixels = Float32Array.from({ length: count * size * size * 3 }, () => random.uniform());
  return tf.tensor4d(pixels, [count, size, size, 3]);
}
