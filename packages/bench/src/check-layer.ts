/** Is the layer right before it is timed? HetConv against the float64 reference, at sampled outputs. */
import { createRandom, errorBound, errorRatio, referenceOutput } from '@hetconv/core';
import * as tf from '@tensorflow/tfjs-core';
import type { Layer, Subject } from './layer-contenders.ts';

/** Outputs that are checked; layers with fewer are checked whole. */
const SAMPLES = 2048;

/**
 * @returns the worst error in units of u * sum|x*w|
 * @throws Error naming the element that is beyond its error bound
 */
export async function checkLayer(layer: Layer, subject: Subject): Promise<number> {
  const { plan } = subject;
  const y = tf.tidy(subject.compute);
  const [x, bias, pointwise, spatial, actual] = await Promise.all(
    [layer.x, layer.bias, subject.pointwise, subject.spatial, y].map((tensor) => tensor.data()),
  );
  y.dispose();
  let worst = 0;
  for (const element of sample(actual.length)) {
    const { value, magnitude, terms } = referenceOutput(plan, x, pointwise, spatial, element);
    const added = bias[element % plan.outChannels];
    const expected = Math.max(0, value + added); // relu passes an error on at most as it is
    const error = Math.abs(actual[element] - expected);
    if (!(error <= errorBound(terms, magnitude, added))) {
      throw new Error(
        `HetConv P=${plan.part} is wrong on ${tf.getBackend()}: element ${element} is ${actual[element]}, ` +
          `the float64 reference gives ${expected}; the error bound is ${errorBound(terms, magnitude, added)}.`,
      );
    }
    worst = Math.max(worst, errorRatio(error, magnitude));
  }
  return worst;
}

/** All elements, or the first, the last and as many as fit of those between, drawn by a seed. */
function sample(size: number): Iterable<number> {
  if (size <= SAMPLES) return Array.from({ length: size }).keys();
  const random = createRandom('bench sample');
  const drawn = Array.from({ length: SAMPLES - 2 }, () => random.integer(0, size - 1));
  return [0, size - 1, ...drawn];
}
