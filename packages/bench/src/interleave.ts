/**
 * The measuring loop of one block. In each round every contender runs once, in an order drawn anew, so that what disturbs the
 * machine disturbs all of them, and none always runs behind the same other; a run ends when its result has been read back, for all alike.
 */
import { createRandom } from '@hetconv/core';
import type { BenchOptions } from './progress.ts';
import { median } from './statistics.ts';
import { time, warmUp } from './warm-up.ts';

export interface Contender {
  readonly name: string;
  /** Runs once and resolves when the result is there; leaves no tensor behind. */
  run(): Promise<void>;
}

/** Milliseconds of one run of a contender, a value a round. */
export type Samples = readonly number[];

/** Shorter samples are made of several runs, so that the clock's resolution does not show. */
const MIN_SAMPLE_MS = 2;

/**
 * @param stage what progress reports say
 * @param seed of the order of contenders
 * @returns samples by contender, all series of the same length
 */
export async function interleave(
  contenders: readonly Contender[],
  stage: string,
  options: Omit<BenchOptions, 'blocks'> = {},
  seed: number | string = 0,
): Promise<Map<string, Samples>> {
  const { minRounds = 9, maxRounds = 51, budgetMs = 5000, onProgress, signal } = options;
  const samples = new Map<string, number[]>(contenders.map(({ name }) => [name, []]));
  if (samples.size < contenders.length) throw new RangeError('interleave: every contender needs a name of its own');
  const repeats = new Map<Contender, number>();
  for (const contender of contenders) {
    const times = await warmUp(contender, budgetMs / contenders.length, signal);
    repeats.set(contender, Math.max(1, Math.ceil(MIN_SAMPLE_MS / median(times))));
  }
  const random = createRandom(seed);
  const start = performance.now();
  for (let round = 0; round < maxRounds; round++) {
    if (round >= minRounds && performance.now() - start > budgetMs) break;
    onProgress?.({ stage, loaded: round, total: maxRounds });
    const order = contenders
      .map((contender) => ({ contender, rank: random.uint32() }))
      .toSorted((a, b) => a.rank - b.rank);
    for (const { contender } of order) {
      signal?.throwIfAborted();
      samples.get(contender.name)?.push(await time(contender, repeats.get(contender)));
    }
  }
  onProgress?.({ stage, loaded: maxRounds, total: maxRounds });
  return samples;
}
