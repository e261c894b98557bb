/** The benchmark in the page: the same networks, images, rounds and rows as `hetconv bench model --json`. */
import {
  type BenchedModel,
  benchLayers,
  benchModel,
  type BenchOptions,
  environment,
  type LayerRow,
  layerTotals,
  modelLayerRequests,
} from '@hetconv/bench';
import type { BackendProvider } from '@hetconv/core';
import { imagesToTensor } from '@hetconv/datasets';
import { type ConvKind, foldForInference, usesPart } from '@hetconv/layers';
import { type ClassificationModel, classificationModel } from '@hetconv/zoo-classification';
import type { LayersModel } from '@tensorflow/tfjs-layers';
import type { PartName } from '../settings/part.ts';
import { buildNetwork } from './build-network.ts';
import type { SpeedEvent, SpeedRequest } from './protocol.ts';
import { prepareBackends } from './providers.ts';
import { sampleImages } from './sample-images.ts';

/** Images on which the backends are compared before anything is timed; one at a time is timed. */
const IMAGES = 4;

/** Rounds of a block, at least. */
const ROUNDS = 3;

/** What every part of the run needs. */
interface SpeedRun {
  readonly request: SpeedRequest;
  readonly providers: readonly BackendProvider[];
  readonly options: BenchOptions;
  readonly report: (event: SpeedEvent) => void;
}

export async function measureSpeed(request: SpeedRequest, report: SpeedRun['report']): Promise<null> {
  const onProblem = (message: string): void => report({ type: 'problem', message });
  const providers = await prepareBackends(request.backends, onProblem);
  if (providers.length === 0) throw new Error('None of the chosen backends runs here.');
  const images = `${IMAGES} test images of Fashion-MNIST`;
  report({ type: 'environment', environment: environment({ images, folded: request.folded }, providers) });
  const options: BenchOptions = {
    blocks: request.blocks,
    minRounds: ROUNDS * request.blocks,
    budgetMs: request.budgetMs,
    onProgress: (progress) => report({ type: 'progress', ...progress }),
  };
  for (const name of request.models) {
    try {
      await measureNetwork(classificationModel(name), { request, providers, options, report });
    } catch (error) {
      // The other networks are measured all the same.
      onProblem(`${name}: ${error instanceof Error ? error.message : String(error)}`);
    }
  }
  return null;
}

async function measureNetwork(entry: ClassificationModel, run: SpeedRun): Promise<void> {
  const { request, providers, options, report } = run;
  options.onProgress?.({ stage: `Building ${entry.title}`, loaded: 0, total: 1 });
  const images = imagesToTensor(await sampleImages(IMAGES), { shape: entry.inputShape });
  const { models, standard } = buildNetworks(entry, request, (message) => report({ type: 'problem', message }));
  try {
    await benchModel(
      providers,
      { name: entry.name, models, standard, images, batch: 1 },
      { ...options, onRows: (rows) => report({ type: 'rows', model: entry.name, rows }) },
    );
    if (request.perLayer) await measureLayers(entry.name, models, run);
  } finally {
    images.dispose();
    for (const model of [standard, ...models.map((one) => one.model)]) model.dispose();
  }
}

/** Every kind at every P, those without P once; and the standard twin. */
function buildNetworks(
  entry: ClassificationModel,
  { kinds, parts, seed, folded }: SpeedRequest,
  onProblem: (message: string) => void,
): { readonly models: readonly BenchedModel[]; readonly standard: LayersModel } {
  const build = (kind: ConvKind, part: PartName): LayersModel => {
    const network = buildNetwork(entry, { kind, part, seed }, onProblem);
    return folded ? foldForInference(network) : network;
  };
  const models = kinds.flatMap((kind): BenchedModel[] =>
    usesPart(kind)
      ? parts.map((part) => ({ kind, part, model: build(kind, part) }))
      : [{ kind, part: 'none', model: build(kind, 1) }],
  );
  return { models, standard: build('standard', 1) };
}

/** The distinct HetConv layers of each HetConv network. */
async function measureLayers(
  name: string,
  models: readonly BenchedModel[],
  { providers, options, report }: SpeedRun,
): Promise<void> {
  for (const { kind, part, model } of models) {
    if (kind !== 'hetconv') continue;
    const { requests, left } = modelLayerRequests(model);
    const onRows = (rows: readonly LayerRow[]): void =>
      report({ type: 'layers', model: name, layers: { part, rows, totals: layerTotals(rows), left } });
    await benchLayers(providers, requests, { ...options, onRows });
  }
}
