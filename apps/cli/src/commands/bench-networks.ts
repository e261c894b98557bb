/** The networks of a model benchmark: one graph in several kinds and at several P, and its standard twin, from a seed or trained. */
import type { BenchedModel } from '@hetconv/bench';
import { CONV_KINDS, type ConvKind, foldForInference, HetConv2D, usesPart } from '@hetconv/layers';
import type { TrainingStamp } from '@hetconv/train';
import { describeTraining } from '@hetconv/weights';
import type { ClassificationModel } from '@hetconv/zoo-classification';
import type { LayersModel } from '@tensorflow/tfjs-layers';
import { list, oneOf, part as partOf } from '../output/choices.ts';
import { note } from '../output/emit.ts';
import { UsageError } from '../output/failure.ts';
import type { Weights } from '../training/load-weights.ts';
import { pretrained, pretrainedDataset } from '../training/pretrained.ts';
import { noticeCollector } from './model-arguments.ts';

/** One of the networks, by what tells it from the others. */
export interface NetworkChoice {
  readonly kind: ConvKind;
  /** 'none' for a kind without P. */
  readonly part: number | 'channels' | 'none';
}

export interface Networks {
  readonly models: readonly BenchedModel[];
  readonly standard: LayersModel;
}

export interface TrainedNetworks extends Networks {
  /** What all of them were trained on, and how its pixels were normalised. */
  readonly stamp: TrainingStamp;
  /** How each was trained and how well, by kind and P: for reports. */
  readonly trainings: Readonly<Record<string, string>>;
}

/**
 * The kind, then its peers: those that have a P at every P that was asked for, the others once.
 *
 * @throws UsageError naming the option
 */
export function networkChoices(kind: ConvKind, parts: string, peers: string | undefined): NetworkChoice[] {
  const asked = [...new Set(list('--part', parts).map((value) => partOf('--part', value, 'M')))];
  const others = peers === undefined ? [] : list('--peers', peers).map((peer) => oneOf('--peers', peer, CONV_KINDS));
  if (others.includes('standard'))
    throw new UsageError("--peers: 'standard' is what every network is compared with anyway.");
  return [...new Set([kind, ...others])].flatMap((one): NetworkChoice[] =>
    usesPart(one) ? asked.map((p) => ({ kind: one, part: p })) : [{ kind: one, part: 'none' }],
  );
}

/** Weights from a seed: the same bits on every machine. */
export function seededNetworks(entry: ClassificationModel, choices: readonly NetworkChoice[], seed: string): Networks {
  const notices = noticeCollector();
  const { onNotice } = notices;
  const models = choices.map(({ kind, part }) => ({
    kind,
    part,
    model: entry.build({ convKind: kind, ...(part !== 'none' && { part }), seed, onNotice }),
  }));
  notices.flush();
  return { models, standard: entry.build({ convKind: 'standard', seed }) };
}

/**
 * Trained weights for every one of them.
 *
 * @param asked `pretrained` or `pretrained:DATASET`
 * @param dataset to take where none is named
 * @throws UsageError where one has no trained weights, or they do not take the same input
 */
export async function trainedNetworks(
  { name }: ClassificationModel,
  choices: readonly NetworkChoice[],
  asked: string,
  dataset: string | undefined,
): Promise<TrainedNetworks> {
  const named = pretrainedDataset(asked);
  if (named === undefined) {
    const rule = "must be 'pretrained' or 'pretrained:DATASET': the standard twin and every network need weights";
    throw new UsageError(`--weights: '${asked}' ${rule}.`);
  }
  const notices = noticeCollector();
  const trainings: Record<string, string> = {};
  const loaded: Weights[] = [];
  for (const { kind, part } of [TWIN, ...choices]) {
    const weights = await pretrained({ model: name, kind, part, dataset: named.dataset ?? dataset });
    const label = part === 'none' ? kind : `${kind} P=${part}`;
    if (weights.trained !== undefined) trainings[label] = describeTraining(weights.trained);
    loaded.push(weights);
    for (const layer of weights.model.layers) {
      // As the zoo tells it of a network that it builds.
      if (!(layer instanceof HetConv2D) || typeof part !== 'number' || layer.part === part) continue;
      notices.onNotice({ layer: layer.name, requested: part, used: Number(layer.part) });
    }
  }
  const stamp = sharedStamp(loaded);
  notices.flush();
  for (const [label, training] of Object.entries(trainings)) note(`note: pretrained weights, ${label}: ${training}.`);
  const [standard, ...models] = loaded.map(({ model }) => model);
  return { models: choices.map((choice, i) => ({ ...choice, model: models[i] })), standard, stamp, trainings };
}

const TWIN: NetworkChoice = { kind: 'standard', part: 'none' };

/** Normalisation and activations folded into the convolutions, as for deployment. */
export function foldedNetworks({ models, standard }: Networks): Networks {
  return {
    models: models.map((one) => ({ ...one, model: foldForInference(one.model) })),
    standard: foldForInference(standard),
  };
}

function sharedStamp([first, ...others]: readonly Weights[]): TrainingStamp {
  const other = others.find(({ stamp }) => JSON.stringify(stamp) !== JSON.stringify(first.stamp));
  if (first.stamp !== undefined && other === undefined) return first.stamp;
  const pair = other === undefined ? first.source : `${first.source} and ${other.source}`;
  const rule = 'must be trained on the same images, normalised alike: all networks are shown one input';
  throw new UsageError(`--weights: ${pair} ${rule}. pretrained:DATASET names the data set.`);
}
