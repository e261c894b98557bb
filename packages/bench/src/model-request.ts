/** Which networks are measured on what, and what a row says of one. */
import type * as tf from '@tensorflow/tfjs-core';
import type { LayersModel } from '@tensorflow/tfjs-layers';
import type { SpeedupFigures } from './blocks.ts';

export interface BenchedModel {
  readonly kind: string;
  /** As asked for: a number or 'channels'; 'none' for a kind that has no P. */
  readonly part: number | string;
  readonly model: LayersModel;
}

export interface ModelRequest {
  /** Name of the network, for the rows. */
  readonly name: string;
  /** HetConv networks, and peers: the same network in other kinds. */
  readonly models: readonly BenchedModel[];
  /** The twin with standard convolutions and the same weights elsewhere. */
  readonly standard: LayersModel;
  /** [images, height, width, channels]; compared all, timed in batches of `batch`. */
  readonly images: tf.Tensor4D;
  readonly batch: number;
  /**
   * The class of each image, as the number of the output that should be the largest: rows then tell accuracies. For networks
   * with trained weights; untrained ones are right by chance.
   */
  readonly labels?: ArrayLike<number>;
  /** What the networks must give, from another process; without it the first provider is the reference. */
  readonly reference?: ModelOutputs;
}

/** The outputs of the standard twin and of every model, in this order, over all images. */
export interface ModelOutputs {
  /** The backend that computed them. */
  readonly backend: string;
  readonly outputs: readonly Float32Array[];
}

/** A row of `hetconv bench model --json`; times in milliseconds a batch. */
export interface ModelRow extends SpeedupFigures {
  readonly backend: string;
  readonly model: string;
  readonly kind: string;
  readonly part: number | string;
  readonly batch: number;
  /** Multiply-adds of the standard twin over those of the model, all layers. */
  readonly macRatio: number;
  readonly medianMs: number;
  /** Median absolute deviation. */
  readonly spreadMs: number;
  readonly standardMedianMs: number;
  readonly standardSpreadMs: number;
  /** First prediction on this backend: weights moved, kernels compiled or packed. */
  readonly firstRunMs: number;
  readonly standardFirstRunMs: number;
  /** Worst |output - output of the reference backend| over all images, relative to the largest reference output. */
  readonly worstDifference: number;
  /** Fraction of the images that the network gets right on this backend, 0 to 1; only where the request has labels. */
  readonly accuracy?: number;
  readonly standardAccuracy?: number;
  /** Images behind both. */
  readonly labelled?: number;
}
