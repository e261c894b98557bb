/** Trained weights for the networks of the zoo. */
import type { ConvKind } from '@hetconv/layers';
import type { LayersModel } from '@tensorflow/tfjs-layers';
import type { PartName } from '../settings/part.ts';

export interface TrainedWeights {
  /** What the network was trained on and how well, for a person. */
  readonly description: string;
  /** What its outputs are called. */
  readonly classes: readonly string[];
  /** Overwrites the weights of a network of this name, kind and P. */
  load(model: LayersModel): Promise<void>;
}

/**
 * Trained weights of a network, or null where there are none. No catalogue of weights exists yet, so there are never any: the
 * networks run with their seeded weights, and the page says so.
 */
export async function loadWeights(_model: string, _kind: ConvKind, _part: PartName): Promise<TrainedWeights | null> {
  return null;
}
