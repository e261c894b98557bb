/** How a network is trained, as plain JSON: everything that decides the result beside the model and the data. */
import type { OptimizerSpec } from './optimizer-spec.ts';
import type { ScheduleSpec } from './schedule.ts';

export interface Recipe {
  /** Passes over the training images. */
  readonly epochs: number;
  /** Images a step. What is left of an epoch (fewer than a batch, others each time) is not used in it. */
  readonly batch: number;
  readonly optimizer: OptimizerSpec;
  readonly schedule: ScheduleSpec;
  /** Of kernels alone, never of biases and normalisations. Added to the gradient by SGD, decoupled in Adam. */
  readonly weightDecay: number;
  /** In [0, 1): the target is 1 - s on the class plus s / classes on all (Szegedy et al., CVPR 2016, section 7). */
  readonly labelSmoothing: number;
  readonly augmentation: Augmentation;
  readonly normalization: Normalization;
  /** Of the order of the images and of their augmentation; that of the initial weights is the model's own. */
  readonly seed: number | string;
}

/** What is done to a training image; nothing of it is done to a test image. In this order. */
export interface Augmentation {
  /** Pads by so many black pixels on every side and crops at a random place. 0: off. */
  readonly padCrop: number;
  /** Mirrors every second image, left to right. */
  readonly flip: boolean;
  /**
   * Side of a square around a random pixel that is set to 0 after normalisation, the mean; cut where it leaves the image
   * (DeVries and Taylor 2017). 0: off.
   */
  readonly cutout: number;
}

/** value = (pixel / 255 - mean) / std, per channel. Travels with the weights. */
export interface Normalization {
  readonly mean: readonly number[];
  readonly std: readonly number[];
}

/** Everything that a recipe may leave out. */
export const DEFAULT_RECIPE: Omit<Recipe, 'normalization'> = {
  epochs: 30,
  batch: 128,
  optimizer: { kind: 'sgd', momentum: 0.9, nesterov: false },
  schedule: { kind: 'one-cycle', learningRate: 0.2 },
  weightDecay: 5e-4,
  labelSmoothing: 0,
  augmentation: { padCrop: 4, flip: true, cutout: 0 },
  seed: 0,
};
