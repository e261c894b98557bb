/** One picture through one network on several backends: the same model object, so the same weights, everywhere. */
import { median, NETWORK_TOLERANCE } from '@hetconv/bench';
import { fitPictures, type Images, imagesToTensor, type NormalizationOptions } from '@hetconv/datasets';
import { classificationModel } from '@hetconv/zoo-classification';
import { setBackend, type Tensor, type Tensor4D } from '@tensorflow/tfjs-core';
import type { LayersModel } from '@tensorflow/tfjs-layers';
import { buildNetwork } from './build-network.ts';
import { loadTrained } from './load-weights.ts';
import type { Classification, Classified, ClassifyEvent, ClassifyRequest } from './protocol.ts';
import { prepareBackends } from './providers.ts';

/** Predictions that the median is taken of. */
const RUNS = 5;

export async function classify(
  { model: name, kind, part, trained, backends, seed, picture }: ClassifyRequest,
  report: (event: ClassifyEvent) => void,
): Promise<Classified> {
  const progress = (stage: string, loaded: number): void =>
    report({ type: 'progress', stage, loaded, total: backends.length + 1 });
  progress(trained === null ? 'Building the network' : 'Loading the weights', 0);
  const onProblem = (message: string): void => report({ type: 'problem', message });
  const providers = await prepareBackends(backends, onProblem);
  const entry = classificationModel(name);
  const weights = trained === null ? undefined : await loadTrained(trained);
  const model = weights?.model ?? buildNetwork(entry, { kind, part, seed }, onProblem);
  const image = fitPictures({ count: 1, channels: 3, ...picture }, entry.inputShape, weights?.stamp.imageShape);
  let reference: readonly number[] | undefined;
  try {
    for (const [i, provider] of providers.entries()) {
      progress(`${provider.name}: classifying`, i + 1);
      await setBackend(provider.name);
      const measured = await classifyHere(model, image, weights?.stamp.normalization);
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
    classes: weights?.stamp.classNames ?? null,
    weights: weights?.description ?? `untrained (seed ${seed})`,
    tolerance: NETWORK_TOLERANCE,
  };
}

async function classifyHere(
  model: LayersModel,
  image: Images,
  normalization: NormalizationOptions | undefined,
): Promise<Pick<Classification, 'probabilities' | 'firstRunMs' | 'medianMs'>> {
  const x = imagesToTensor(image, normalization);
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
