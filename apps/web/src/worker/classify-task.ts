/** One picture through one network on several backends: the same model object, so the same weights, everywhere. */
import { median, NETWORK_TOLERANCE } from '@hetconv/bench';
import { type Images, imagesToTensor, resizeImages } from '@hetconv/datasets';
import { classificationModel } from '@hetconv/zoo-classification';
import { setBackend, type Tensor, type Tensor4D } from '@tensorflow/tfjs-core';
import type { LayersModel } from '@tensorflow/tfjs-layers';
import { buildNetwork } from './build-network.ts';
import { loadWeights } from './load-weights.ts';
import type { Classification, Classified, ClassifyEvent, ClassifyRequest } from './protocol.ts';
import { prepareBackends } from './providers.ts';

/** Predictions that the median is taken of. */
const RUNS = 5;

export async function classify(
  { model: name, kind, part, backends, seed, picture }: ClassifyRequest,
  report: (event: ClassifyEvent) => void,
): Promise<Classified> {
  const progress = (stage: string, loaded: number): void =>
    report({ type: 'progress', stage, loaded, total: backends.length + 1 });
  progress('Building the network', 0);
  const onProblem = (message: string): void => report({ type: 'problem', message });
  const providers = await prepareBackends(backends, onProblem);
  const entry = classificationModel(name);
  const weights = await loadWeights(name, kind, part);
  const model = buildNetwork(entry, { kind, part, seed }, onProblem);
  await weights?.load(model);
  const [height, width] = entry.inputShape;
  const image: Images = { count: 1, channels: 3, ...picture };
  const fitted = resizeImages(image, { height, width, mode: 'cover' });
  let reference: readonly number[] | undefined;
  try {
    for (const [i, provider] of providers.entries()) {
      progress(`${provider.name}: classifying`, i + 1);
      await setBackend(provider.name);
      const measured = await classifyHere(model, fitted);
      reference ??= measured.probabilities;
      const difference = relativeDifference(measured.probabilities, reference);
      report({ type: 'classified', classification: { backend: provider.name, ...measured, difference } });
      // The next backend takes the weights over from here, which not every backend can do without having been asked before.
      await Promise.all(model.getWeights().map((weight) => weight.data()));
    }
  } finally {
    model.dispose();
  }
  return {
    classes: weights?.classes ?? null,
    weights: weights?.description ?? `untrained (seed ${seed})`,
    tolerance: NETWORK_TOLERANCE,
  };
}

async function classifyHere(
  model: LayersModel,
  image: Images,
): Promise<Pick<Classification, 'probabilities' | 'firstRunMs' | 'medianMs'>> {
  const x = imagesToTensor(image);
  try {
    const first = await predict(model, x);
    const times: number[] = [];
    for (let run = 0; run < RUNS; run++) times.push((await predict(model, x)).milliseconds);
    return { probabilities: first.probabilities, firstRunMs: first.milliseconds, medianMs: median(times) };
  } finally {
    x.dispose();
  }
}

async function predict(
  model: LayersModel,
  x: Tensor4D,
): Promise<{ readonly probabilities: number[]; readonly milliseconds: number }> {
  const start = performance.now();
  const output = model.predict(x) as Tensor;
  const values = await output.data();
  output.dispose();
  return { probabilities: Array.from(values), milliseconds: performance.now() - start };
}

function relativeDifference(actual: readonly number[], expected: readonly number[]): number {
  const largest = Math.max(...expected.map(Math.abs));
  const worst = Math.max(...actual.map((value, i) => Math.abs(value - expected[i])));
  return worst === 0 ? 0 : worst / largest;
}
