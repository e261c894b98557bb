/** The benchmark in the page: the same networks, images, rounds and rows as `hetconv bench model|layer --json`. */
import {
  type BenchedModel,
  benchLayers,
  benchModel,
  type BenchOptions,
  environment,
  type LayerRequest,
  modelLayerRequests,
} from '@hetconv/bench';
import type { BackendProvider } from '@hetconv/core';
import { imagesToTensor } from '@hetconv/datasets';
import { foldForInference, usesPart } from '@hetconv/layers';
import { type ClassificationModel, classificationModel } from '@hetconv/zoo-classification';
import type { LayersModel } from '@tensorflow/tfjs-layers';
import type { SpeedEvent, SpeedRequest } from './protocol.ts';
import { prepareBackends } from './providers.ts';
import { sampleImages } from './sample-images.ts';

/** Images on which the backends are compared before anything is timed; one at a time is timed. */
const IMAGES = 4;

export async function measureSpeed(request: SpeedRequest, report: (event: SpeedEvent) => void): Promise<null> {
  const onProblem = (message: string): void => report({ type: 'problem', message });
  const providers = await prepareBackends(request.backends, onProblem);
  if (providers.length === 0) throw new Error('None of the chosen backends runs here.');
  const images = `${IMAGES} test images of Fashion-MNIST`;
  report({ type: 'environment', environment: environment({ images, folded: request.folded }, providers) });
  const options: BenchOptions = {
    budgetMs: request.budgetMs,
    onProgress: (progress) => report({ type: 'progress', ...progress }),
  };
  // A network that cannot be measured is told of; the others are.
  const attempt = async (what: string, measure: () => Promise<unknown>): Promise<void> => {
    try {
      await measure();
    } catch (error) {
      onProblem(`${what}: ${error instanceof Error ? error.message : String(error)}`);
    }
  };
  for (const name of request.models) {
    await attempt(name, () => measureNetwork(classificationModel(name), request, providers, options, report));
  }
  if (request.perLayer) {
    await attempt('layers', () =>
      benchLayers(providers, layersOf(request), { ...options, onRows: (rows) => report({ type: 'layers', rows }) }),
    );
  }
  return null;
}

async function measureNetwork(
  entry: ClassificationModel,
  { kinds, parts, seed, folded }: SpeedRequest,
  providers: readonly BackendProvider[],
  options: BenchOptions,
  report: (event: SpeedEvent) => void,
): Promise<void> {
  options.onProgress?.({ stage: `Building ${entry.title}`, loaded: 0, total: 1 });
  const ready = (network: LayersModel): LayersModel => (folded ? foldForInference(network) : network);
  const models = kinds.flatMap((kind) =>
    (usesPart(kind) ? parts : (['none'] as const)).map((part): BenchedModel => {
      const options = part === 'none' ? { convKind: kind, seed } : { convKind: kind, part, seed };
      return { kind, part, model: ready(entry.build(options)) };
    }),
  );
  const standard = ready(entry.build({ convKind: 'standard', seed }));
  const images = imagesToTensor(await sampleImages(IMAGES), { shape: entry.inputShape });
  try {
    await benchModel(
      providers,
      { name: entry.name, models, standard, images, batch: 1 },
      { ...options, onRows: (rows) => report({ type: 'models', model: entry.name, rows }) },
    );
  } finally {
    images.dispose();
    for (const { model } of [...models, { model: standard }]) model.dispose();
  }
}

/** The distinct layers of all networks, each at every P; a P beyond the input channels is as many as there are. */
function layersOf({ models, parts, seed }: SpeedRequest): LayerRequest[] {
  const found = new Map<string, LayerRequest>();
  for (const name of models) {
    const network = classificationModel(name).build({ part: 1, seed });
    for (const request of modelLayerRequests(network).requests) {
      const { name: _, count: __, ...sizes } = request;
      const own = parts.map((part) => (part === 'channels' ? request.in : Math.min(part, request.in)));
      const key = JSON.stringify(sizes);
      if (!found.has(key)) found.set(key, { ...request, parts: [...new Set(own)] });
    }
    network.dispose();
  }
  return [...found.values()];
}
