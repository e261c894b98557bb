/** How many images a classifier gets right, told from the outputs by which backends are compared anyway. */
import { InvalidArgumentError } from '@hetconv/core';
import type { Shape } from '@tensorflow/tfjs-layers';
import { networksOf } from './model-outputs.ts';
import type { ModelRequest } from './model-request.ts';

/**
 * @param outputs [images, classes], logits or probabilities
 * @param labels the class of each image
 * @returns the fraction of images whose largest output is that of their label, 0 to 1; of equal outputs the first counts, and
 *   an image without a number among its outputs is wrong
 */
export function accuracyOf(outputs: Float32Array, labels: ArrayLike<number>): number {
  const classes = outputs.length / labels.length;
  let correct = 0;
  for (let i = 0; i < labels.length; i++) {
    if (largest(outputs.subarray(i * classes, (i + 1) * classes)) === labels[i]) correct++;
  }
  return correct / labels.length;
}

function largest(values: Float32Array): number {
  let [best, highest] = [-1, -Infinity];
  for (const [i, value] of values.entries()) {
    if (value > highest) [best, highest] = [i, value];
  }
  return best;
}

/** @throws InvalidArgumentError where labels do not fit the images, or the outputs of the networks */
export function checkLabels(request: ModelRequest): void {
  const { labels, images } = request;
  if (labels === undefined) return;
  const [count] = images.shape;
  if (labels.length !== count) throw invalid('labels.length', labels.length, `the number of images, ${count}`);
  for (const { outputShape } of networksOf(request)) {
    const [, classes, ...more] = outputShape as Shape;
    if (classes == null || more.length > 0)
      throw invalid('the output of a network', outputShape, '[images, classes] where there are labels');
    const wrong = Array.from(labels).findIndex((label) => !Number.isInteger(label) || label < 0 || label >= classes);
    if (wrong >= 0) throw invalid(`labels[${wrong}]`, labels[wrong], `an integer from 0 to ${classes - 1}`);
  }
}

function invalid(argument: string, got: unknown, accepted: string): InvalidArgumentError {
  return new InvalidArgumentError('benchModel', argument, got, accepted);
}
