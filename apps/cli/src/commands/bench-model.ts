/** `hetconv bench model`: one network at several P, and its peers, beside its standard twin, on real images, on every backend. */
import {
  benchLayers,
  type BenchOptions,
  environment,
  layerTotals,
  modelLayerRequests,
  type ModelRequest,
  type ModelRow,
  type PerLayer,
} from '@hetconv/bench';
import { CONV_KINDS } from '@hetconv/layers';
import { defineCommand } from 'citty';
import { describeEnvironment } from '../backends/environment.ts';
import { measureModels } from '../backends/measure-models.ts';
import { type Selection, selectBackends } from '../backends/select.ts';
import { FIXTURE, labelNumbers, type LoadedImages, loadImages } from '../images/load.ts';
import { positiveInteger } from '../output/choices.ts';
import { note } from '../output/emit.ts';
import { UsageError } from '../output/failure.ts';
import { createProgress } from '../output/progress.ts';
import { benchArguments, benchOptions } from './bench-arguments.ts';
import {
  foldedNetworks,
  networkChoices,
  type Networks,
  seededNetworks,
  type TrainedNetworks,
  trainedNetworks,
} from './bench-networks.ts';
import { benchOutcome } from './bench-outcome.ts';
import { findKind, findModel, modelArguments } from './model-arguments.ts';

/** Images on which backends are compared. */
const COUNT = 16;
/** The same on every backend, so that accuracies can be compared: as many as the slowest gets through in a minute. */
const TRAINED_COUNT = 128;

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
      default: FIXTURE.name,
      valueHint: 'FOLDER',
    },
    weights: {
      type: 'string',
      description:
        "'pretrained[:DATASET]': trained weights for all networks, and their accuracy [weights from the seed]",
      valueHint: 'W',
    },
    count: {
      type: 'string',
      description: `Images on which backends are compared [${COUNT}; with trained weights ${TRAINED_COUNT}]`,
      valueHint: 'N',
    },
    batch: { type: 'string', description: 'Images a batch when timing', default: '1', valueHint: 'B' },
    seed: { type: 'string', description: 'Seed of the weights [0]' },
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
    const choices = networkChoices(kind, args.part, args.peers);
    const batch = positiveInteger('--batch', args.batch);
    const isTrained = args.weights !== undefined;
    if (isTrained && args.seed !== undefined)
      throw new UsageError('--seed: makes weights, where --weights brings trained ones. Give one of them.');
    const count = positiveInteger('--count', args.count ?? String(isTrained ? TRAINED_COUNT : COUNT));
    const progress = createProgress();
    const { onProgress, ...timing } = benchOptions(args, progress);
    const finish = benchOutcome('networks', args, rawArgs);
    const dataset = args.images === FIXTURE.name ? FIXTURE.of : undefined;
    const trained =
      args.weights === undefined ? undefined : await trainedNetworks(entry, choices, args.weights, dataset);
    const shown = await loadImages(args.images, entry.inputShape, Math.max(batch, count), trained?.stamp);
    const labels = trained && labelsFor(trained, shown);
    const { images } = shown;
    const folded = args.fold ?? false;
    const weights = trained && { weights: trained.trainings };
    const start = { ...environment(), images: shown.source, folded, ...weights };
    const selection = await selectBackends(args.backends);

    const rows: ModelRow[] = [];
    const perLayer: PerLayer[] = [];
    let place: Readonly<Record<string, unknown>> = start;
    try {
      const built = trained ?? seededNetworks(entry, choices, args.seed ?? '0');
      const networks = folded ? foldedNetworks(built) : built;
      const request: ModelRequest = {
        name: entry.name,
        ...networks,
        images,
        batch: Math.min(batch, images.shape[0]),
        ...(labels && { labels }),
      };
      rows.push(...(await measureModels(request, selection, timing, onProgress)));
      if (isPerLayer)
        perLayer.push(...(await measureLayers(networks, request.batch, selection, { ...timing, onProgress })));
      place = await describeEnvironment(selection, start);
    } finally {
      progress.stop();
      await selection.close();
    }
    finish({ environment: place, rows, ...(isPerLayer && { perLayer }) });
  },
});

/** Labels as the trained networks count them; none, which is said, where they were trained on other classes. */
function labelsFor({ stamp }: TrainedNetworks, { labels, source }: LoadedImages): number[] | undefined {
  const numbers = labels && labelNumbers(labels, stamp.classNames);
  if (numbers === undefined)
    note(`note: no accuracy: ${source} are not labelled with the classes of ${stamp.dataset}.`);
  return numbers;
}

/** The distinct HetConv layers of each HetConv network, on all backends. */
async function measureLayers(
  { models }: Networks,
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
