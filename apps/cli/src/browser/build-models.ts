/** The networks of a model benchmark from what they are made from: the same graph and bits in this process and in a page. */
import type { BenchedModel } from '@hetconv/bench';
import { foldForInference } from '@hetconv/layers';
import type { ClassificationModel, Notice } from '@hetconv/zoo-classification';
import type { LayersModel } from '@tensorflow/tfjs-layers';
import type { ModelChoice } from './protocol.ts';

export interface BuildOptions {
  readonly seed: string;
  /** Fold normalisation and activations into the convolutions, as for deployment. */
  readonly folded: boolean;
  readonly onNotice?: (notice: Notice) => void;
}

export interface BuiltModels {
  readonly models: readonly BenchedModel[];
  readonly standard: LayersModel;
}

export function buildModels(
  entry: ClassificationModel,
  choices: readonly ModelChoice[],
  { seed, folded, onNotice = () => {} }: BuildOptions,
): BuiltModels {
  const ready = (network: LayersModel): LayersModel => (folded ? foldForInference(network) : network);
  return {
    models: choices.map(({ kind, part }) => ({
      kind,
      part,
      model: ready(entry.build({ convKind: kind, ...(part !== 'none' && { part }), seed, onNotice })),
    })),
    standard: ready(entry.build({ convKind: 'standard', seed })),
  };
}
