/** What networks give, on all images, and how far backends differ: seen before anything is timed. */
import type { BackendProvider } from '@hetconv/core';
import * as tf from '@tensorflow/tfjs-core';
import type { LayersModel } from '@tensorflow/tfjs-layers';
import type { ModelOutputs, ModelRequest } from './model-request.ts';

/**
 * How far two backends may differ on a whole network, relative to its largest output. There is no sharp bound through normalisation
 * and dozens of layers; float32 rounding through these networks measures some 10^-6, a wrong kernel 10^-1.
 */
export const NETWORK_TOLERANCE = 1e-4;

/** The standard twin, then the models. */
export function networksOf({ standard, models }: Pick<ModelRequest, 'standard' | 'models'>): LayersModel[] {
  return [standard, ...models.map(({ model }) => model)];
}

/** What one backend makes of all images: the reference for backends that run elsewhere. */
export async function modelOutputs(provider: BackendProvider, request: ModelRequest): Promise<ModelOutputs> {
  await tf.setBackend(provider.name);
  const outputs: Float32Array[] = [];
  for (const network of networksOf(request)) {
    outputs.push((await predictAll(network, request.images, request.batch)).output);
  }
  return { backend: provider.name, outputs };
}

/** What {@link predictAll} gives. */
export interface FirstRun {
  readonly output: Float32Array;
  readonly firstRunMs: number;
}

/**
 * Outputs of all images, batch by batch, and how long the first batch took.
 *
 * @param onBatch called before each batch with the images that are done; may throw to end it
 */
export async function predictAll(
  network: LayersModel,
  images: tf.Tensor4D,
  batch: number,
  onBatch?: (done: number) => void,
): Promise<FirstRun> {
  const pieces: Float32Array[] = [];
  let firstRunMs = 0;
  for (let start = 0; start < images.shape[0]; start += batch) {
    onBatch?.(start);
    const slice = tf.slice(images, start, Math.min(batch, images.shape[0] - start));
    const begin = performance.now();
    pieces.push(await predict(network, slice));
    if (start === 0) firstRunMs = performance.now() - begin;
    slice.dispose();
  }
  const output = new Float32Array(pieces.reduce((size, piece) => size + piece.length, 0));
  let at = 0;
  for (const piece of pieces) {
    output.set(piece, at);
    at += piece.length;
  }
  return { output, firstRunMs };
}

export async function predict(network: LayersModel, images: tf.Tensor4D): Promise<Float32Array> {
  const output = network.predict(images, { batchSize: images.shape[0] }) as tf.Tensor;
  const values = (await output.data()) as Float32Array;
  output.dispose();
  return values;
}

/** Largest difference of each network from the reference. @throws Error where one is beyond the tolerance */
export function compareOutputs(
  provider: BackendProvider,
  { name, models }: ModelRequest,
  first: readonly FirstRun[],
  reference: ModelOutputs,
): number[] {
  const differences = first.map(({ output }, i) => relativeDifference(output, reference.outputs[i]));
  const wrong = differences.findIndex((difference) => !(difference <= NETWORK_TOLERANCE));
  if (wrong >= 0) {
    const which = wrong === 0 ? 'standard twin' : `${models[wrong - 1].kind}, P=${models[wrong - 1].part}`;
    throw new Error(
      `${name}: ${provider.name} differs from ${reference.backend} by ${differences[wrong]} of the largest output ` +
        `(${which}); at most ${NETWORK_TOLERANCE} is accepted.`,
    );
  }
  return differences;
}

/** Infinity where either side is not a number and the other is. */
function relativeDifference(actual: Float32Array, expected: Float32Array): number {
  let [worst, largest] = [0, 0];
  for (let i = 0; i < expected.length; i++) {
    if (Number.isNaN(actual[i]) !== Number.isNaN(expected[i])) return Number.POSITIVE_INFINITY;
    worst = Math.max(worst, Math.abs(actual[i] - expected[i]));
    largest = Math.max(largest, Math.abs(expected[i]));
  }
  return worst === 0 ? 0 : worst / largest;
}
