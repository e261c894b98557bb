/** From a recipe and a model to an optimiser. */
import type { Variable } from '@tensorflow/tfjs-core';
import type { LayersModel } from '@tensorflow/tfjs-layers';
import type { Recipe } from '../recipe/recipe.ts';
import { namedWeights } from '../state/named-weights.ts';
import { adam } from './adam.ts';
import type { Optimizer, Parameter } from './optimizer.ts';
import { sgd } from './sgd.ts';

/** Of more than one axis and yet no kernel: slopes of PReLU, scales of a normalisation over several axes. */
const NEVER_DECAYED = /(^|\/)(alpha|gamma|beta|bias)$/;

/** The trainable weights, in the order of the model. Decay acts on kernels alone: those of two axes and more. */
export function parametersOf(model: LayersModel): Parameter[] {
  const trainable = new Set(model.trainableWeights);
  return namedWeights(model)
    .filter(({ weight }) => trainable.has(weight))
    .map(({ name, weight }) => ({
      name,
      variable: weight.read() as Variable, // a layer's weight reads as its variable, on which the tape works
      isDecayed: weight.shape.length >= 2 && !NEVER_DECAYED.test(name),
    }));
}

export function createOptimizer(
  parameters: readonly Parameter[],
  { optimizer, weightDecay }: Pick<Recipe, 'optimizer' | 'weightDecay'>,
): Optimizer {
  return optimizer.kind === 'sgd' ? sgd(parameters, optimizer, weightDecay) : adam(parameters, optimizer, weightDecay);
}
