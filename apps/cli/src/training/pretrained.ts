/** `--weights pretrained[:DATASET]`: from a network, kind and P to the weights that come with the command. */
import { type ConvKind, usesPart } from '@hetconv/layers';
import { describeTraining, findTrained, nameTrained, TRAINED, type TrainedNetwork } from '@hetconv/weights';
import { trainedFolder } from '@hetconv/weights/node';
import { classificationModel, resolvedParts } from '@hetconv/zoo-classification';
import { note } from '../output/emit.ts';
import { UsageError } from '../output/failure.ts';
import { loadWeights, type Weights } from './load-weights.ts';

export interface PretrainedQuery {
  readonly model: string;
  readonly kind: ConvKind;
  /** Does not matter for a kind that has no P. */
  readonly part: number | 'channels' | 'none';
  /** What it was trained on. Default: the first in the catalogue. */
  readonly dataset?: string | undefined;
}

/** Those of this very network, however its P was asked for: 'channels' finds P = 64 where no layer has more channels. */
export function findPretrained({ model, kind, part, dataset }: PretrainedQuery): readonly TrainedNetwork[] {
  const trained = findTrained({ model, kind, dataset });
  if (trained.length === 0 || part === 'none' || !usesPart(kind)) return trained;
  const partsOf = (asked: number | 'channels'): string =>
    resolvedParts(classificationModel(model), { convKind: kind, part: asked }).join();
  const parts = partsOf(part);
  return trained.filter((network) => network.part !== 'none' && partsOf(network.part) === parts);
}

/** @throws UsageError listing what there is, where the catalogue has no such network */
export async function pretrained(query: PretrainedQuery): Promise<Weights> {
  const [trained] = findPretrained(query);
  if (trained !== undefined) {
    const weights = await loadWeights(trainedFolder(trained), trained.model);
    return { ...weights, source: `pretrained:${trained.id}`, trained };
  }
  const { model, kind, part, dataset } = query;
  const network = usesPart(kind) ? `${model}, ${kind}, P=${part}` : `${model}, ${kind}`;
  const asked = dataset === undefined ? network : `${network}, on ${dataset}`;
  const known = TRAINED.map((one) => `  ${nameTrained(one)}`).join('\n');
  throw new UsageError(`--weights: there are no pretrained weights of ${asked}. There are:\n${known}`);
}

/** What `--weights pretrained[:DATASET]` names; undefined for a value that asks for other weights. */
export function pretrainedDataset(value: string): { readonly dataset: string | undefined } | undefined {
  const [word, ...rest] = value.split(':');
  if (word !== 'pretrained') return undefined;
  return { dataset: rest.length === 0 ? undefined : rest.join(':') };
}

/** Says on stderr which weights were taken, for they were not named one by one. */
export function notePretrained({ trained }: Weights): void {
  if (trained !== undefined) note(`note: pretrained weights of ${trained.model}: ${describeTraining(trained)}.`);
}
