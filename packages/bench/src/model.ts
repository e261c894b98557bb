/**
 * Whole networks: a HetConv model beside its standard twin on each backend. One model object with one set of weights is
 * used everywhere - tfjs moves the weights when the backend changes - and its outputs are compared with those of the
 * first backend before anything is timed.
 */
import type { BackendProvider } from '@hetconv/core';
import { modelCosts } from '@hetconv/layers';
import * as tf from '@tensorflow/tfjs-core';
import type { LayersModel } from '@tensorflow/tfjs-layers';
import { blocksOf, type Series, seriesFigures, speedupFigures, type SpeedupFigures } from './blocks.ts';
import { type Contender, interleave, type Samples } from './interleave.ts';
import type { BenchOptions } from './progress.ts';

export interface BenchedModel {
  readonly kind: string;
  /** As asked for: a number or 'channels'; 'none' for a kind that has no P. */
  readonly part: number | string;
  readonly model: LayersModel;
}

export interface ModelRequest {
  /** Name of the network, for the rows. */
  readonly name: string;
  readonly models: readonly BenchedModel[];
  /** The twin with standard convolutions and the same weights elsewhere. */
  readonly standard: LayersModel;
  /** [images, height, width, channels]; compared all, timed in batches of `batch`. */
  readonly images: tf.Tensor4D;
  readonly batch: number;
  /** What the networks must give, from another process; without it the first provider is the reference. */
  readonly reference?: ModelOutputs;
}

/** The outputs of the standard twin and of every model, in this order, over all images. */
export interface ModelOutputs {
  /** The backend that computed them. */
  readonly backend: string;
  readonly outputs: readonly Float32Array[];
}

/** A row of `hetconv bench model --json`; times in milliseconds a batch. */
export interface ModelRow extends SpeedupFigures {
  readonly backend: string;
  readonly model: string;
  readonly kind: string;
  readonly part: number | string;
  readonly batch: number;
  /** Multiply-adds of the standard twin over those of the model, all layers. */
  readonly macRatio: number;
  readonly medianMs: number;
  readonly spreadMs: number;
  readonly standardMedianMs: number;
  readonly standardSpreadMs: number;
  /** First prediction on this backend: weights moved, kernels compiled or packed. */
  readonly firstRunMs: number;
  readonly standardFirstRunMs: number;
  /** Worst |output - output of the reference backend| over all images, relative to the largest reference output. */
  readonly worstDifference: number;
}

/**
 * How far two backends may differ on a whole network, relative to its largest output. There is no sharp bound through normalisation
 * and dozens of layers; float32 rounding through these networks measures some 10^-6, a wrong kernel 10^-1.
 */
export const NETWORK_TOLERANCE = 1e-4;

/**
 * @param providers prepared backends; the first is the reference unless the request brings one
 * @throws Error where a backend disagrees with the reference
 */
export async function benchModel(
  providers: readonly BackendProvider[],
  request: ModelRequest,
  options: BenchOptions = {},
): Promise<ModelRow[]> {
  const networks = networksOf(request);
  const rows: ModelRow[] = [];
  let { reference } = request;
  for (const provider of providers) {
    await tf.setBackend(provider.name);
    const first: FirstRun[] = [];
    for (const [i, network] of networks.entries()) {
      options.signal?.throwIfAborted();
      options.onProgress?.({ stage: `${provider.name}: comparing outputs`, loaded: i, total: networks.length });
      first.push(await predictAll(network, request.images, request.batch));
    }
    reference ??= { backend: provider.name, outputs: first.map(({ output }) => output) };
    const differences = compare(provider, request, first, reference);
    const series = await timeBlocks(provider, networks, request, options);
    rows.push(...rowsOf(provider, request, first, differences, series));
    await download([request.images, ...networks.flatMap((network) => network.getWeights())]);
  }
  return rows;
}

function networksOf({ standard, models }: Pick<ModelRequest, 'standard' | 'models'>): LayersModel[] {
  return [standard, ...models.map(({ model }) => model)];
}

/** Largest difference of each network from the reference. @throws Error where one is beyond the tolerance */
function compare(
  provider: BackendProvider,
  { name, models }: ModelRequest,
  first: readonly FirstRun[],
  reference: ModelOutputs,
): number[] {
  const differences = first.map(({ output }, i) => relativeDifference(output, reference.outputs[i]));
  const wrong = differences.findIndex((difference) => !(difference <= NETWORK_TOLERANCE));
  if (wrong >= 0) {
    throw new Error(
      `${name}: ${provider.name} differs from ${reference.backend} by ${differences[wrong]} of the largest output ` +
        `(${wrong === 0 ? 'standard twin' : `P=${models[wrong - 1].part}`}); at most ${NETWORK_TOLERANCE} is accepted.`,
    );
  }
  return differences;
}

function rowsOf(
  provider: BackendProvider,
  { name, models, standard, batch }: ModelRequest,
  [standardFirst, ...first]: readonly FirstRun[],
  [standardDifference, ...differences]: readonly number[],
  series: readonly Series[],
): ModelRow[] {
  const standardMacs = modelCosts(standard).total.macs;
  const standardFigures = seriesFigures(series[0]);
  return models.map(({ kind, part, model }, i) => {
    const own = series[i + 1];
    return {
      backend: provider.name,
      model: name,
      kind,
      part,
      batch,
      macRatio: standardMacs / modelCosts(model).total.macs,
      ...seriesFigures(own),
      standardMedianMs: standardFigures.medianMs,
      standardSpreadMs: standardFigures.spreadMs,
      ...speedupFigures(series[0], own),
      firstRunMs: first[i].firstRunMs,
      standardFirstRunMs: standardFirst.firstRunMs,
      worstDifference: Math.max(standardDifference, differences[i]),
    };
  });
}

/** The samples of each network, block by block; from the second block on with weights in memory of their own, newly moved and packed. */
async function timeBlocks(
  provider: BackendProvider,
  networks: readonly LayersModel[],
  { name, images, batch }: ModelRequest,
  options: BenchOptions,
): Promise<Series[]> {
  const series: Samples[][] = networks.map(() => []);
  for (const [block, { options: limits, label }] of blocksOf(options).entries()) {
    if (block > 0) for (const network of networks) await renewWeights(network);
    const input = tf.slice(images, 0, batch);
    try {
      const contenders = networks.map((network, i) => contender(String(i), network, input));
      const samples = await interleave(contenders, `${provider.name}: timing ${name}${label}`, limits, label);
      for (const [i, own] of series.entries()) own.push(samples.get(String(i)) ?? []);
    } finally {
      input.dispose();
    }
  }
  return series;
}

/** The same values in new tensors: where they lie, and what kernels made of them, is part of what differs between runs. */
async function renewWeights(network: LayersModel): Promise<void> {
  const fresh: tf.Tensor[] = [];
  for (const weight of network.getWeights()) fresh.push(tf.tensor(await weight.data(), weight.shape, weight.dtype));
  network.setWeights(fresh);
  tf.dispose(fresh);
}

/**
 * Brings values to where tfjs can move them from without a synchronous read: the next backend takes the weights over, and
 * WebGPU in Node cannot read synchronously.
 */
async function download(tensors: readonly tf.Tensor[]): Promise<void> {
  await Promise.all(tensors.map((tensor) => tensor.data()));
}

/** What one backend makes of all images: the reference for backends that run elsewhere. */
export async function modelOutputs(provider: BackendProvider, request: ModelRequest): Promise<ModelOutputs> {
  await tf.setBackend(provider.name);
  const outputs: Float32Array[] = [];
  for (const network of networksOf(request)) {
    outputs.push((await predictAll(network, request.images, request.batch)).output);
  }
  return { backend: provider.name, outputs };
}

/** Outputs of all images, batch by batch, and how long the first batch took. */
interface FirstRun {
  readonly output: Float32Array;
  readonly firstRunMs: number;
}

async function predictAll(network: LayersModel, images: tf.Tensor4D, batch: number): Promise<FirstRun> {
  const pieces: Float32Array[] = [];
  let firstRunMs = 0;
  for (let start = 0; start < images.shape[0]; start += batch) {
    const slice = tf.slice(images, start, Math.min(batch, images.shape[0] - start));
    const begin = performance.now();
    pieces.push(await predict(network, slice));
    if (start === 0) firstRunMs = performance.now() - begin;
    slice.dispose();
  }
  const output = new Float32Array(pieces.reduce((size, piece) => size + piece.length, 0));
  let at = 0;
  for (const piece of pieces) {
    output.set(piece, at);
    at += piece.length;
  }
  return { output, firstRunMs };
}

async function predict(network: LayersModel, images: tf.Tensor4D): Promise<Float32Array> {
  const output = network.predict(images, { batchSize: images.shape[0] }) as tf.Tensor;
  const values = (await output.data()) as Float32Array;
  output.dispose();
  return values;
}

function contender(name: string, network: LayersModel, images: tf.Tensor4D): Contender {
  return {
    name,
    run: async () => {
      await predict(network, images);
    },
  };
}

/** Infinity where either side is not a number and the other is. */
function relativeDifference(actual: Float32Array, expected: Float32Array): number {
  let [worst, largest] = [0, 0];
  for (let i = 0; i < expected.length; i++) {
    if (Number.isNaN(actual[i]) !== Number.isNaN(expected[i])) return Number.POSITIVE_INFINITY;
    worst = Math.max(worst, Math.abs(actual[i] - expected[i]));
    largest = Math.max(largest, Math.abs(expected[i]));
  }
  return worst === 0 ? 0 : worst / largest;
}
