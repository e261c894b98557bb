/** `hetconv bench model`: one network at several P, and its peers, beside its standard twin, on real images, on every backend. */
import {
  benchLayers,
  type BenchOptions,
  environment,
  layerTotals,
  modelLayerRequests,
  type ModelRow,
  type PerLayer,
} from '@hetconv/bench';
import { CONV_KINDS, type ConvKind, usesPart } from '@hetconv/layers';
import { defineCommand } from 'citty';
import { describeEnvironment } from '../backends/environment.ts';
import { measureModels } from '../backends/measure-models.ts';
import { type Selection, selectBackends } from '../backends/select.ts';
import { type BuiltModels, buildModels } from '../browser/build-models.ts';
import type { ModelChoice } from '../browser/protocol.ts';
import { loadImages } from '../images/load.ts';
import { list, oneOf, part, positiveInteger } from '../output/choices.ts';
import { UsageError } from '../output/failure.ts';
import { createProgress } from '../output/progress.ts';
import { benchArguments, benchOptions } from './bench-arguments.ts';
import { benchOutcome } from './bench-outcome.ts';
import { findKind, findModel, modelArguments, noticeCollector } from './model-arguments.ts';

export const benchModelCommand = defineCommand({
  meta: { name: 'model', description: 'A network and its standard twin: the same images and weights on every backend' },
  args: {
    ...modelArguments,
    part: {
      type: 'string',
      description: "P, or several; 'channels' for as many as a layer has",
      required: true,
      valueHint: 'P1,P2,..',
    },
    peers: {
      type: 'string',
      description: `Kinds to measure beside it, separated by commas: ${CONV_KINDS.join(', ')}; those with groups at every P`,
      valueHint: 'KINDS',
    },
    'per-layer': {
      type: 'boolean',
      description: 'Also measure each distinct HetConv layer of the network beside its dense one, and add them up',
    },
    images: {
      type: 'string',
      description: "A folder of PNG and JPEG files, or 'fixture' (Fashion-MNIST)",
      default: 'fixture',
      valueHint: 'FOLDER',
    },
    count: { type: 'string', description: 'Images on which backends are compared', default: '16', valueHint: 'N' },
    batch: { type: 'string', description: 'Images a batch when timing', default: '1', valueHint: 'B' },
    seed: { type: 'string', description: 'Seed of the weights', default: '0' },
    fold: {
      type: 'boolean',
      description: 'Fold batch normalisation and activations into the convolutions of all networks, as for deployment',
    },
    ...benchArguments,
  },
  async run({ args, rawArgs }) {
    const entry = findModel(args.model);
    const kind = findKind(args.kind);
    const isPerLayer = args['per-layer'] ?? false;
    if (isPerLayer && kind !== 'hetconv')
      throw new UsageError(`--per-layer: measures HetConv layers, of which a network of kind ${kind} has none.`);
    const choices = modelChoices(kind, args.part, args.peers);
    const batch = positiveInteger('--batch', args.batch);
    const count = Math.max(batch, positiveInteger('--count', args.count));
    const progress = createProgress();
    const { onProgress, ...timing } = benchOptions(args, progress);
    const finish = benchOutcome('networks', args, rawArgs);
    const { source, images } = await loadImages(args.images, entry.inputShape, count);
    const start = { ...environment(), images: source, folded: args.fold ?? false };
    const selection = await selectBackends(args.backends);

    const notices = noticeCollector();
    const { seed } = args;
    const { folded } = start;
    const built = buildModels(entry, choices, { seed, folded, onNotice: notices.onNotice });
    notices.flush();

    const rows: ModelRow[] = [];
    const perLayer: PerLayer[] = [];
    let place: Readonly<Record<string, unknown>> = start;
    try {
      const size = Math.min(batch, images.shape[0]);
      const toMeasure = { name: entry.name, choices, ...built, seed, folded, images, batch: size };
      rows.push(...(await measureModels(toMeasure, selection, timing, onProgress)));
      if (isPerLayer) perLayer.push(...(await measureLayers(built, size, selection, { ...timing, onProgress })));
      place = await describeEnvironment(selection, start);
    } finally {
      progress.stop();
      await selection.close();
    }
    finish({ environment: place, rows, ...(isPerLayer && { perLayer }) });
  },
});

/** The kind at every P that was asked for, then its peers: those that have groups at every P, the others once. */
function modelChoices(kind: ConvKind, parts: string, peers: string | undefined): ModelChoice[] {
  const asked = [...new Set(list('--part', parts).map((value) => part('--part', value, 'M')))];
  const others = peers === undefined ? [] : list('--peers', peers).map((peer) => oneOf('--peers', peer, CONV_KINDS));
  if (others.includes('standard'))
    throw new UsageError("--peers: 'standard' is what every network is compared with anyway.");
  const peerChoices = [...new Set(others)]
    .filter((one) => one !== kind)
    .flatMap((one): ModelChoice[] => (usesPart(one) ? at(one, asked) : [{ kind: one, part: 'none' }]));
  return [...at(kind, asked), ...peerChoices];
}

function at(kind: ConvKind, parts: readonly (number | 'channels')[]): ModelChoice[] {
  return parts.map((p) => ({ kind, part: p }));
}

/** The distinct HetConv layers of each HetConv network, on all backends. */
async function measureLayers(
  { models }: BuiltModels,
  batch: number,
  { providers, browser }: Selection,
  { onProgress = () => {}, ...timing }: BenchOptions,
): Promise<PerLayer[]> {
  const measured: PerLayer[] = [];
  for (const { kind, part: asked, model } of models) {
    if (kind !== 'hetconv') continue;
    const { requests, left } = modelLayerRequests(model, { batch });
    const rows = await benchLayers(providers, requests, { ...timing, onProgress });
    rows.push(...((await browser?.layers(requests, timing, onProgress)) ?? []));
    measured.push({ part: asked, rows, totals: layerTotals(rows), left });
  }
  return measured;
}
