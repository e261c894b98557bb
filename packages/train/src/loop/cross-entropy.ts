/** Softmax cross-entropy on logits: as an op with a gradient, and in double precision for figures. */
import {
  customGrad,
  div,
  exp,
  logSoftmax,
  mul,
  neg,
  type Scalar,
  sub,
  sum,
  type Tensor,
  type Tensor2D,
  tensor2d,
} from '@tensorflow/tfjs-core';

/** What the labels ask for. @returns `[n, classes]`, rows that sum to 1 */
export function smoothedTargets(labels: Int32Array, classes: number, smoothing: number): Tensor2D {
  const targets = new Float32Array(labels.length * classes).fill(smoothing / classes);
  labels.forEach((label, i) => (targets[i * classes + label] = 1 - smoothing + smoothing / classes));
  return tensor2d(targets, [labels.length, classes]);
}

/**
 * Mean over the batch of -sum(target * log softmax(logits)). The gradient is (softmax(logits) - target) / n: one pass, and
 * nothing to cancel. Second derivatives are not defined.
 */
export function crossEntropy(logits: Tensor2D, targets: Tensor2D): Scalar {
  const count = logits.shape[0];
  const loss = customGrad((x, save) => {
    const logProbabilities = logSoftmax(x as Tensor2D);
    (save as (tensors: Tensor[]) => void)([logProbabilities]);
    return {
      value: div(neg(sum(mul(targets, logProbabilities))), count),
      gradFunc: (dy: Tensor, [saved]: Tensor[]) => mul(dy, div(sub(exp(saved), targets), count)),
    };
  });
  return loss(logits) as Scalar;
}

/** What a batch adds to the figures of an epoch. */
export interface Tally {
  /** Sum of the losses of the images, with smoothed targets as trained. */
  loss: number;
  /** Images whose class had the highest logit. */
  correct: number;
  images: number;
}

export function emptyTally(): Tally {
  return { loss: 0, correct: 0, images: 0 };
}

/**
 * Adds a batch of logits [n, classes]. NaN and infinity among the logits make the loss NaN, whatever the class.
 *
 * @param predictions filled from `tally.images` on with the class of the highest logit, the lower one of equals
 */
export function addToTally(
  tally: Tally,
  logits: Float32Array,
  labels: Int32Array,
  smoothing: number,
  predictions?: Int32Array,
): void {
  const classes = logits.length / labels.length;
  for (let n = 0; n < labels.length; n++) {
    const row = logits.subarray(n * classes, (n + 1) * classes);
    let top = 0;
    for (let c = 1; c < classes; c++) if (row[c] > row[top]) top = c;
    let [normalizer, mean] = [0, 0];
    for (let c = 0; c < classes; c++) {
      normalizer += Math.exp(row[c] - row[top]);
      mean += row[c] / classes;
    }
    const wanted = (1 - smoothing) * row[labels[n]] + smoothing * mean;
    tally.loss += Number.isFinite(mean) ? Math.log(normalizer) + row[top] - wanted : Number.NaN;
    if (predictions !== undefined) predictions[tally.images] = top;
    tally.correct += top === labels[n] ? 1 : 0;
    tally.images++;
  }
}
