/** What a model.json of tf.layers must hold, checked before anything is built from it. */
import { InvalidArgumentError } from '@hetconv/core';
import type { io } from '@tensorflow/tfjs-core';

/** Bytes of one value in a weights file. */
const BYTES: Readonly<Record<string, number>> = {
  float32: 4,
  int32: 4,
  bool: 1,
  complex64: 8,
  uint8: 1,
  uint16: 2,
  float16: 2,
};

/** @throws InvalidArgumentError where the text is not a model of tf.layers */
export function parseModelJson(path: string, text: string): io.ModelJSON {
  let json: Partial<io.ModelJSON> | null;
  try {
    json = JSON.parse(text) as Partial<io.ModelJSON> | null;
  } catch (cause) {
    throw invalid(path, `JSON, which it is not: ${(cause as Error).message}`);
  }
  if (typeof json !== 'object' || json === null || !json.modelTopology || !Array.isArray(json.weightsManifest)) {
    throw invalid(path, 'the model.json of a tf.layers model, with modelTopology and weightsManifest');
  }
  if (json.format === 'graph-model') {
    throw invalid(path, 'a tf.layers model; it holds a graph model, which tf.loadGraphModel reads');
  }
  return json as io.ModelJSON;
}

/** The bytes that the weights of a manifest take, or undefined where it holds text, whose length only the data tell. */
export function manifestBytes(weights: readonly io.WeightsManifestEntry[]): number | undefined {
  let total = 0;
  for (const { shape, dtype, quantization } of weights) {
    const bytes = BYTES[quantization?.dtype ?? dtype];
    if (bytes === undefined) return undefined;
    total += shape.reduce((size, side) => size * side, 1) * bytes;
  }
  return total;
}

/** A refusal of `fileSystem(path).load`. */
export function invalid(path: string, accepted: string): InvalidArgumentError {
  return new InvalidArgumentError('fileSystem', 'path', path, accepted);
}
