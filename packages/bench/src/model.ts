/**
 * Whole networks: HetConv models and their peers beside the standard twin on each backend. One model object with one set of
 * weights is used everywhere - tfjs moves the weights when the backend changes - and its outputs are compared with those of the
 * first backend before anything is timed.
 */
import type { BackendProvider } from '@hetconv/core';
import { modelCosts } from '@hetconv/layers';
import * as tf from '@tensorflow/tfjs-core';
import type { LayersModel } from '@tensorflow/tfjs-layers';
import { accuracyOf, checkLabels } from './accuracy.ts';
import { blocksOf, seriesFigures, speedupFigures } from './blocks.ts';
import { type Contender, interleave, type Samples } from './interleave.ts';
import { compareOutputs, type FirstRun, networksOf, predict, predictAll } from './model-outputs.ts';
import type { ModelOutputs, ModelRequest, ModelRow } from './model-request.ts';
import type { BenchOptions } from './progress.ts';

export interface ModelOptions extends BenchOptions {
  /** Called after every block with all rows that have one: they get surer from block to block. */
  readonly onRows?: (rows: readonly ModelRow[]) => void;
  /** Called with the outputs of the first backend where it is the reference: what backends elsewhere are compared with. */
  readonly onReference?: (reference: ModelOutputs) => void;
}

/**
 * A block goes through all backends before the next one begins, each time with weights in new tensors: the values stay, the
 * weights of the models are replaced.
 *
 * @param providers prepared backends; the first is the reference unless the request brings one
 * @returns rows by backend, model
 * @throws InvalidArgumentError for labels that do not fit; Error where a backend disagrees with the reference
 */
export async function benchModel(
  providers: readonly BackendProvider[],
  request: ModelRequest,
  options: ModelOptions = {},
): Promise<ModelRow[]> {
  checkLabels(request);
  const cells: Cell[] = [];
  let { reference } = request;
  for (const provider of providers) {
    const first = await firstRuns(provider, request, options);
    if (reference === undefined) {
      reference = { backend: provider.name, outputs: first.map(({ output }) => output) };
      options.onReference?.(reference);
    }
    cells.push(new Cell(provider, request, first, compareOutputs(provider, request, first, reference)));
  }
  const rows = (): ModelRow[] => cells.flatMap((cell) => cell.rows());
  for (const { options: limits, label } of blocksOf(options)) {
    for (const cell of cells) {
      await cell.measure(limits, label);
      options.onRows?.(rows());
    }
  }
  return rows();
}

async function firstRuns(
  provider: BackendProvider,
  request: ModelRequest,
  { signal, onProgress }: BenchOptions,
): Promise<FirstRun[]> {
  await tf.setBackend(provider.name);
  const networks = networksOf(request);
  const { images, batch } = request;
  const [count] = images.shape;
  const first: FirstRun[] = [];
  for (const [i, network] of networks.entries()) {
    const onBatch = (done: number): void => {
      signal?.throwIfAborted();
      onProgress?.({
        stage: `${provider.name}: comparing outputs`,
        loaded: i * count + done,
        total: networks.length * count,
      });
    };
    first.push(await predictAll(network, images, batch, onBatch));
  }
  await download(request);
  return first;
}

/** The networks on one backend, block by block. */
class Cell {
  readonly #provider: BackendProvider;
  readonly #request: ModelRequest;
  readonly #first: readonly FirstRun[];
  readonly #differences: readonly number[];
  /** Samples of each block, by network: the standard twin, then the models. */
  readonly #series: Samples[][];

  constructor(
    provider: BackendProvider,
    request: ModelRequest,
    first: readonly FirstRun[],
    differences: readonly number[],
  ) {
    this.#provider = provider;
    this.#request = request;
    this.#first = first;
    this.#differences = differences;
    this.#series = first.map(() => []);
  }

  async measure(options: BenchOptions, label: string): Promise<void> {
    const { name, images, batch } = this.#request;
    await tf.setBackend(this.#provider.name);
    const networks = networksOf(this.#request);
    for (const network of networks) await renewWeights(network);
    const input = tf.slice(images, 0, batch);
    try {
      const contenders = networks.map((network, i) => contender(String(i), network, input));
      const stage = `${this.#provider.name}: timing ${name}${label}`;
      const samples = await interleave(contenders, stage, options, label);
      for (const [i, series] of this.#series.entries()) series.push(samples.get(String(i)) ?? []);
    } finally {
      input.dispose();
    }
    await download(this.#request);
  }

  /** None before the first block. */
  rows(): ModelRow[] {
    const { name, models, standard, batch, labels } = this.#request;
    const [standardSeries, ...series] = this.#series;
    if (standardSeries.length === 0) return [];
    const [standardFirst, ...first] = this.#first;
    const [standardDifference, ...differences] = this.#differences;
    const standardFigures = seriesFigures(standardSeries);
    const standardMacs = modelCosts(standard).total.macs;
    return models.map(({ kind, part, model }, i) => ({
      backend: this.#provider.name,
      model: name,
      kind,
      part,
      batch,
      macRatio: standardMacs / modelCosts(model).total.macs,
      ...seriesFigures(series[i]),
      standardMedianMs: standardFigures.medianMs,
      standardSpreadMs: standardFigures.spreadMs,
      ...speedupFigures(standardSeries, series[i]),
      firstRunMs: first[i].firstRunMs,
      standardFirstRunMs: standardFirst.firstRunMs,
      worstDifference: Math.max(standardDifference, differences[i]),
      ...(labels !== undefined && {
        accuracy: accuracyOf(first[i].output, labels),
        standardAccuracy: accuracyOf(standardFirst.output, labels),
        labelled: labels.length,
      }),
    }));
  }
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
async function download(request: ModelRequest): Promise<void> {
  const weights = networksOf(request).flatMap((network) => network.getWeights());
  await Promise.all([request.images, ...weights].map((tensor) => tensor.data()));
}

function contender(name: string, network: LayersModel, images: tf.Tensor4D): Contender {
  return {
    name,
    run: async () => {
      await predict(network, images);
    },
  };
}
