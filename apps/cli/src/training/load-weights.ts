/** A network with its weights, from the file of a saved model. */
import { fileSystem } from '@hetconv/layers/node';
import { descriptionOf, stampOf, type TrainingStamp } from '@hetconv/train';
import type { TrainedNetwork } from '@hetconv/weights';
import { type LayersModel, loadLayersModel } from '@tensorflow/tfjs-layers';
import { UsageError } from '../output/failure.ts';

export interface Weights {
  readonly model: LayersModel;
  /** Where they come from: the file or folder that was read, or 'pretrained:' and the id in the catalogue. */
  readonly source: string;
  /** Classes and normalisation of the training; undefined for a model that hetconv did not train. */
  readonly stamp: TrainingStamp | undefined;
  /** What the catalogue says of pretrained weights. */
  readonly trained?: TrainedNetwork;
}

/**
 * @param path a folder with model.json, or a .json file
 * @param network name of the network that they are said to be of
 * @throws UsageError for weights of another network; InvalidArgumentError for a file that is no model
 */
export async function loadWeights(path: string, network: string): Promise<Weights> {
  const model = await loadLayersModel(fileSystem(path));
  const { model: name = network } = descriptionOf(model);
  if (name !== network) throw new UsageError(`--weights: '${path}' is of ${String(name)}, not of ${network}.`);
  return { model, source: path, stamp: stampOf(model) };
}
