/** From `--weights` to a model: what a training wrote, or any saved model of tf.layers. */
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { fileSystem } from '@hetconv/layers/node';
import { descriptionOf, stampOf, type TrainingStamp } from '@hetconv/train';
import { type LayersModel, loadLayersModel } from '@tensorflow/tfjs-layers';
import { UsageError } from '../output/failure.ts';

/** What `--weights` takes. */
export const WEIGHTS_HELP = 'The --out folder of a training, or a model saved by tf.layers (folder or model.json)';

export interface Weights {
  readonly model: LayersModel;
  /** The file or folder that was read. */
  readonly source: string;
  /** Classes and normalisation of the training; undefined for a model that hetconv did not train. */
  readonly stamp: TrainingStamp | undefined;
}

/**
 * @param network name of the network that they are said to be of
 * @throws UsageError where there is nothing, or weights of another network; InvalidArgumentError for a file that is no model
 */
export async function resolveWeights(value: string, network: string): Promise<Weights> {
  const source = locate(value);
  const model = await loadLayersModel(fileSystem(source));
  const { model: name = network } = descriptionOf(model);
  if (name !== network) throw new UsageError(`--weights: '${source}' is of ${String(name)}, not of ${network}.`);
  return { model, source, stamp: stampOf(model) };
}

function locate(value: string): string {
  if (value === 'pretrained') {
    throw new UsageError("--weights: no weights are installed that could be meant by 'pretrained'.");
  }
  // a training's folder first: it may hold a model of somebody else's beside
  const candidates = value.endsWith('.json') ? [value] : [join(value, WEIGHTS_FOLDER), value];
  const found = candidates.find((path) => existsSync(path.endsWith('.json') ? path : join(path, 'model.json')));
  if (found !== undefined) return found;
  throw new UsageError(`--weights: '${value}' holds no model.json, nor does a folder '${WEIGHTS_FOLDER}' in it.`);
}

/** Where a training puts its model, below `--out`. */
export const WEIGHTS_FOLDER = 'weights';
