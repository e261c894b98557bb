/** From `--weights` to a model: pretrained, what a training wrote, or any saved model of tf.layers. */
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { UsageError } from '../output/failure.ts';
import { loadWeights, type Weights } from './load-weights.ts';
import { notePretrained, pretrained, pretrainedDataset, type PretrainedQuery } from './pretrained.ts';

/** What `--weights` takes. */
export const WEIGHTS_HELP =
  'pretrained[:DATASET] (of --kind and --part), the --out folder of a training, or a model saved by tf.layers (folder or model.json)';

/**
 * @param network what the weights are said to be of; all but the name is for pretrained ones, with the data set to take where
 *   `--weights` names none
 * @throws UsageError where there is nothing, or weights of another network; InvalidArgumentError for a file that is no model
 */
export async function resolveWeights(value: string, network: PretrainedQuery): Promise<Weights> {
  const asked = pretrainedDataset(value);
  if (asked === undefined) return loadWeights(locate(value), network.model);
  const weights = await pretrained({ ...network, dataset: asked.dataset ?? network.dataset });
  notePretrained(weights);
  return weights;
}

function locate(value: string): string {
  // a training's folder first: it may hold a model of somebody else's beside
  const candidates = value.endsWith('.json') ? [value] : [join(value, WEIGHTS_FOLDER), value];
  const found = candidates.find((path) => existsSync(path.endsWith('.json') ? path : join(path, 'model.json')));
  if (found !== undefined) return found;
  throw new UsageError(`--weights: '${value}' holds no model.json, nor does a folder '${WEIGHTS_FOLDER}' in it.`);
}

/** Where a training puts its model, below `--out`. */
export const WEIGHTS_FOLDER = 'weights';
