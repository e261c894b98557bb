/** The weights of a model by names that are the same in every process. */
import { InvalidArgumentError } from '@hetconv/core';
import type { LayersModel } from '@tensorflow/tfjs-layers';

export interface NamedWeight {
  /** Layer and weight, `conv1/kernel`: without the numbers by which tfjs tells twins in one process apart. */
  readonly name: string;
  readonly weight: LayersModel['weights'][number];
}

/** All weights in order, those that are not trained included. @throws InvalidArgumentError where two have one name */
export function namedWeights(model: LayersModel): NamedWeight[] {
  const named = model.weights.map((weight) => ({ name: weight.originalName, weight }));
  const seen = new Set<string>();
  for (const { name } of named) {
    if (seen.has(name))
      throw new InvalidArgumentError('namedWeights', 'model', name, 'one without two weights of a name');
    seen.add(name);
  }
  return named;
}
