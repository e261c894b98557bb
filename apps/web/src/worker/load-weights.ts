/** Trained networks of @hetconv/weights, from the files that lie beside the page. */
import { registerHetConvLayers } from '@hetconv/layers';
import { stampOf, type TrainingStamp } from '@hetconv/train';
import { describeTraining, TRAINED } from '@hetconv/weights';
import { io } from '@tensorflow/tfjs-core';
import { type LayersModel, loadLayersModel } from '@tensorflow/tfjs-layers';
import { trainedFiles } from 'virtual:trained-files';

/** Where the files of a network are. */
export interface TrainedFiles {
  /** Address of its model.json. */
  readonly model: string;
  /** Addresses of its files of weights, by the names that model.json calls them. */
  readonly weights: Readonly<Record<string, string>>;
}

export interface TrainedModel {
  readonly model: LayersModel;
  /** What its outputs are called, and what is done to a picture before it. */
  readonly stamp: TrainingStamp;
  /** What it was trained on and how well, for a person. */
  readonly description: string;
}

/**
 * @param id in the catalogue of @hetconv/weights
 * @throws Error where a file cannot be fetched
 */
export async function loadTrained(id: string): Promise<TrainedModel> {
  const network = TRAINED.find((one) => one.id === id);
  if (network === undefined) throw new Error(`There are no trained weights '${id}'.`);
  registerHetConvLayers();
  const { model: address, weights } = trainedFiles[id];
  const model = await loadLayersModel(io.http(address, { weightUrlConverter: async (name) => weights[name] }));
  const stamp = stampOf(model);
  if (stamp === undefined) throw new Error(`The weights '${id}' do not say how they were trained.`);
  return { model, stamp, description: `trained on ${describeTraining(network)}` };
}
