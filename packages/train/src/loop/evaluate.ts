/** How many images a classifier gets right. */
import type { LayersModel } from '@tensorflow/tfjs-layers';
import { type Batch, createBatchMaker, testSteps } from '../data/batches.ts';
import type { ImageSource } from '../data/source.ts';
import type { Normalization } from '../recipe/recipe.ts';
import { addToTally, emptyTally } from './cross-entropy.ts';
import { nextTurn } from './next-turn.ts';
import { classifierOf } from './head.ts';
import { checkShape, testStep } from './step.ts';

export interface EvaluateOptions {
  readonly model: LayersModel;
  /** The classes of its labels are those of the model's outputs. */
  readonly data: ImageSource;
  /** That of the training. */
  readonly normalization: Normalization;
  /** Images at a time; decides nothing but memory and speed. Default 128. */
  readonly batch?: number;
  readonly onProgress?: (progress: { readonly loaded: number; readonly total: number }) => void;
}

export interface Evaluation {
  readonly images: number;
  readonly correct: number;
  readonly accuracy: number;
  /** Mean cross-entropy, natural logarithm. */
  readonly loss: number;
  /** The class with the highest logit, of every image; the lower one of equals. */
  readonly predictions: Int32Array;
}

/**
 * On the current backend, in the mode of inference.
 *
 * @throws InvalidArgumentError for a model that is no classifier, or images of another shape than its input
 */
export async function evaluateModel(options: EvaluateOptions): Promise<Evaluation> {
  const { model, data, normalization, batch = 128, onProgress } = options;
  checkShape('evaluateModel', model, data.shape);
  const classifier = classifierOf('evaluateModel', model);
  const recipe = { batch, seed: 0, normalization, augmentation: { padCrop: 0, flip: false, cutout: 0 } };
  const make = createBatchMaker({ train: data, test: data }, recipe);
  const tally = emptyTally();
  const predictions = new Int32Array(data.count);
  const steps = testSteps(data.count, batch);
  for (let step = 0; step < steps; step++) {
    const images: Batch = await make({ split: 'test', step });
    const logits = await testStep({ classifier, shape: data.shape }, images);
    addToTally(tally, logits, images.labels, 0, predictions);
    onProgress?.({ loaded: step + 1, total: steps });
    await nextTurn();
  }
  const { correct, loss } = tally;
  return { images: data.count, correct, accuracy: correct / data.count, loss: loss / data.count, predictions };
}
