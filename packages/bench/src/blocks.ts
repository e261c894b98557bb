/** Blocks: everything is made anew, warmed up and measured several times, and what blocks say together. */
import { InvalidArgumentError } from '@hetconv/core';
import type { Samples } from './interleave.ts';
import type { BenchOptions } from './progress.ts';
import { blockRatio, median, medianAbsoluteDeviation, medianRatio, meanRatio } from './statistics.ts';

/** What a contender took: the samples of each block. */
export type Series = readonly Samples[];

/** How much faster than the standard convolution, and how that is known. */
export interface SpeedupFigures {
  /** Standard over HetConv: geometric mean over blocks. */
  readonly speedup: number;
  /** Ends of the 95 % interval of `speedup`. */
  readonly speedupLow: number;
  readonly speedupHigh: number;
  /** The speed-up in each block: what the interval is made from. */
  readonly blockSpeedups: readonly number[];
  /** Rounds measured, all blocks together. */
  readonly rounds: number;
}

interface Block {
  /** With the limits of one block. */
  readonly options: BenchOptions;
  /** For progress: ` (block 2 of 5)`; empty where there is one. */
  readonly label: string;
}

/** @throws InvalidArgumentError */
export function blocksOf(options: BenchOptions): Block[] {
  const { blocks = 5, minRounds = 15, maxRounds = 100, budgetMs = 5000 } = options;
  if (!Number.isInteger(blocks) || blocks < 1)
    throw new InvalidArgumentError('bench', 'blocks', blocks, 'a positive integer');
  const share = (rounds: number): number => Math.max(1, Math.ceil(rounds / blocks));
  const limits = { ...options, minRounds: share(minRounds), maxRounds: share(maxRounds), budgetMs: budgetMs / blocks };
  return Array.from({ length: blocks }, (_, i) => ({
    options: limits,
    label: blocks === 1 ? '' : ` (block ${i + 1} of ${blocks})`,
  }));
}

/** Of all samples of all blocks. */
export function seriesFigures(series: Series): { readonly medianMs: number; readonly spreadMs: number } {
  const samples = series.flat();
  return { medianMs: median(samples), spreadMs: medianAbsoluteDeviation(samples) };
}

/** Of a single block the interval holds for that block alone: it is an estimate on the way, or a quick look. */
export function speedupFigures(standard: Series, hetConv: Series): SpeedupFigures {
  const blockSpeedups = standard.map((samples, block) => blockRatio(samples, hetConv[block]));
  const rounds = hetConv.reduce((sum, samples) => sum + samples.length, 0);
  const ratio = blockSpeedups.length === 1 ? medianRatio(standard[0], hetConv[0]) : meanRatio(blockSpeedups);
  return { speedup: ratio.value, speedupLow: ratio.low, speedupHigh: ratio.high, blockSpeedups, rounds };
}
