/**
 * The measuring loop. In each round every contender runs once, in rotating order, so that what disturbs the machine
 * disturbs all of them; a run ends when its result has been read back, for all alike.
 */
import { median } from './statistics.ts';
import type { BenchOptions } from './progress.ts';

export interface Contender {
  readonly name: string;
  /** Runs once and resolves when the result is there; leaves no tensor behind. */
  run(): Promise<void>;
}

/** Milliseconds of one run of a contender, a value a round. */
export type Samples = readonly number[];

/** Shorter samples are made of several runs, so that the clock's resolution does not show. */
const MIN_SAMPLE_MS = 2;
/** Warm-up ends when a round took at most this much longer than the fastest one, or after MAX_WARMUP rounds. */
const STABLE = 1.15;
const MAX_WARMUP = 6;

/**
 * @param stage what progress reports say
 * @returns samples by contender, all series of the same length
 */
export async function interleave(
  contenders: readonly Contender[],
  stage: string,
  options: BenchOptions = {},
): Promise<Map<string, Samples>> {
  const { minRounds = 9, maxRounds = 51, budgetMs = 5000, onProgress, signal } = options;
  const samples = new Map<string, number[]>(contenders.map(({ name }) => [name, []]));
  if (samples.size < contenders.length) throw new RangeError('interleave: every contender needs a name of its own');
  const repeats = await warmUp(contenders, signal);
  const start = performance.now();
  for (let round = 0; round < maxRounds; round++) {
    if (round >= minRounds && performance.now() - start > budgetMs) break;
    onProgress?.({ stage, loaded: round, total: maxRounds });
    for (let i = 0; i < contenders.length; i++) {
      signal?.throwIfAborted();
      const contender = contenders[(i + round) % contenders.length];
      samples.get(contender.name)?.push(await time(contender, repeats.get(contender.name) ?? 1));
    }
  }
  onProgress?.({ stage, loaded: maxRounds, total: maxRounds });
  return samples;
}

/** Runs until times are stable; returns how many runs make a sample of each contender. */
async function warmUp(contenders: readonly Contender[], signal: AbortSignal | undefined): Promise<Map<string, number>> {
  const repeats = new Map<string, number>();
  for (const contender of contenders) {
    const times: number[] = [];
    do {
      signal?.throwIfAborted();
      times.push(await time(contender, 1));
    } while (times.length < 2 || (times.length < MAX_WARMUP && times[times.length - 1] > STABLE * Math.min(...times)));
    repeats.set(contender.name, Math.max(1, Math.ceil(MIN_SAMPLE_MS / median(times))));
  }
  return repeats;
}

/** Milliseconds a run. */
export async function time(contender: Contender, repeats: number): Promise<number> {
  const start = performance.now();
  for (let i = 0; i < repeats; i++) await contender.run();
  return (performance.now() - start) / repeats;
}
