/**
 * Layers on backends: HetConv at several P, each beside the stock dense convolution and its other peers, in the same rounds.
 * Outputs are compared before anything is timed.
 */
import { type BackendProvider, hetConvMacs, type HetConvPlan, macRatio, variantFor } from '@hetconv/core';
import * as tf from '@tensorflow/tfjs-core';
import { checkLayer } from './check-layer.ts';
import { interleave, type Samples } from './interleave.ts';
import { createLayer, createSubject, dense, depthwisePointwise, disposeAll, type Subject } from './layer-contenders.ts';
import { describeLayer, type LayerRequest } from './layer-request.ts';
import { blocksOf, type Series, seriesFigures, type SpeedupFigures, speedupFigures } from './blocks.ts';
import type { BenchOptions } from './progress.ts';
import { time } from './warm-up.ts';

/** A row of `hetconv bench layer --json`; times in milliseconds. */
export interface LayerRow extends Omit<LayerRequest, 'parts'>, SpeedupFigures {
  readonly backend: string;
  /** The kernel variant that ran, or `(unnamed)` where a backend names none. */
  readonly variant: string;
  readonly part: number;
  /** Multiply-adds of the dense layer over those of the HetConv. */
  readonly macRatio: number;
  readonly firstRunMs: number;
  readonly medianMs: number;
  /** Median absolute deviation of the HetConv's samples. */
  readonly spreadMs: number;
  /** 2 x multiply-adds per second, in 10^9. */
  readonly gflops: number;
  /** Stock tf.fused.conv2d with bias and relu. */
  readonly denseMedianMs: number;
  /** Stock depthwise K x K, then fused 1x1 with bias and relu: another, smaller function. */
  readonly depthwisePointwiseMedianMs: number;
  /** Stock grouped K x K with G = P, then the same 1x1; null where P is 1 or M, or does not divide M. */
  readonly groupedPointwiseMedianMs: number | null;
  /** The composed form, or null where the backend's HetConv kernels are the composed form. */
  readonly composedMedianMs: number | null;
  /** Worst |y - float64 reference| of sampled outputs in units of u * sum|x*w|. */
  readonly worstRatio: number;
}

export interface LayerOptions extends BenchOptions {
  /** Called after every block with all rows that have one: those of a layer get surer from block to block. */
  readonly onRows?: (rows: readonly LayerRow[]) => void;
}

/**
 * Measures every layer on every backend. A block goes through all of them before the next one begins, each time with new tensors: the
 * blocks of a row are as far apart in time as they can be, and tell what a second run would.
 *
 * @param providers prepared backends
 * @returns rows by layer, backend, P
 * @throws InvalidArgumentError for a P above M; Error where a HetConv is beyond its error bound
 */
export async function benchLayers(
  providers: readonly BackendProvider[],
  requests: readonly LayerRequest[],
  options: LayerOptions = {},
): Promise<LayerRow[]> {
  const cells = requests.flatMap((request) => providers.map((provider) => new Cell(provider, request)));
  const rows = (): LayerRow[] => cells.flatMap((cell) => cell.rows);
  for (const block of blocksOf(options)) {
    for (const cell of cells) {
      await cell.measure(block.options, block.label);
      options.onRows?.(rows());
    }
  }
  return rows();
}

/** {@link benchLayers} of one layer on one backend. */
export function benchLayer(
  provider: BackendProvider,
  request: LayerRequest,
  options: LayerOptions = {},
): Promise<LayerRow[]> {
  return benchLayers([provider], [request], options);
}

/** What is known of HetConv at one P: its check in the first block. */
interface Check {
  readonly plan: HetConvPlan;
  readonly firstRunMs: number;
  readonly worstRatio: number;
}

/** One layer on one backend, block by block. */
class Cell {
  readonly #provider: BackendProvider;
  readonly #request: LayerRequest;
  readonly #parts: readonly number[];
  readonly #checks = new Map<number, Check>();
  /** Samples of each block, by contender. */
  readonly #series = new Map<string, Samples[]>();
  #rows: readonly LayerRow[] = [];

  constructor(provider: BackendProvider, request: LayerRequest) {
    this.#provider = provider;
    this.#request = request;
    this.#parts = [...new Set(request.parts)];
  }

  async measure(options: BenchOptions, label: string): Promise<void> {
    await tf.setBackend(this.#provider.name);
    const request = this.#request;
    const layer = createLayer(request);
    const subjects: Subject[] = [];
    try {
      for (const part of this.#parts) subjects.push(createSubject(this.#provider, request, layer, part));
      if (this.#checks.size === 0) await this.#check(layer, subjects, options);
      const contenders = [
        dense(layer),
        depthwisePointwise(layer),
        ...subjects.flatMap((s) => [s.hetConv, s.composed, s.grouped].filter((c) => c !== undefined)),
      ];
      const stage = `${this.#provider.name}: timing ${describeLayer(request)}${label}`;
      for (const [name, samples] of await interleave(contenders, stage, options, label)) {
        const series = this.#series.get(name);
        if (series === undefined) this.#series.set(name, [samples]);
        else series.push(samples);
      }
      this.#rows = [...this.#checks.values()].map((check) => this.#row(check));
    } finally {
      disposeAll(layer, subjects);
    }
  }

  async #check(
    layer: ReturnType<typeof createLayer>,
    subjects: readonly Subject[],
    options: BenchOptions,
  ): Promise<void> {
    for (const [loaded, subject] of subjects.entries()) {
      const stage = `${this.#provider.name}: comparing outputs`;
      options.onProgress?.({ stage, loaded, total: subjects.length });
      options.signal?.throwIfAborted();
      const firstRunMs = await time(subject.hetConv);
      const worstRatio = await checkLayer(layer, subject);
      this.#checks.set(subject.plan.part, { plan: subject.plan, firstRunMs, worstRatio });
    }
  }

  /** None before the first block. */
  get rows(): readonly LayerRow[] {
    return this.#rows;
  }

  #row({ plan, ...check }: Check): LayerRow {
    const { parts: _, ...layer } = this.#request;
    const { part } = plan;
    const series = (name: string): Series => this.#series.get(name) ?? [];
    const medianOf = (name: string): number | null =>
      this.#series.has(name) ? seriesFigures(series(name)).medianMs : null;
    const [standard, hetConv] = [series('dense'), series(`HetConv P=${part}`)];
    const { medianMs, spreadMs } = seriesFigures(hetConv);
    return {
      backend: this.#provider.name,
      variant: variantFor(this.#provider.kernels(), 'forward', plan)?.name ?? '(unnamed)',
      ...layer,
      part,
      macRatio: macRatio(plan),
      medianMs,
      spreadMs,
      gflops: (2 * layer.batch * hetConvMacs(plan)) / medianMs / 1e6,
      denseMedianMs: seriesFigures(standard).medianMs,
      depthwisePointwiseMedianMs: seriesFigures(series('depthwise + pointwise')).medianMs,
      groupedPointwiseMedianMs: medianOf(`grouped + pointwise G=${part}`),
      composedMedianMs: medianOf(`composed P=${part}`),
      ...speedupFigures(standard, hetConv),
      ...check,
    };
  }
}
