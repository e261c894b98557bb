import { expect, it } from 'vitest';
import { type BenchProgress, interleave } from '../src/index.ts';

/** A contender that notes its runs and takes about `ms`. */
function contender(name: string, log: string[], ms: number): { name: string; run(): Promise<void> } {
  return {
    name,
    run: async () => {
      log.push(name);
      const end = performance.now() + ms;
      while (performance.now() < end);
      await Promise.resolve();
    },
  };
}

it('runs every contender once a round, in changing order, and gives series of equal length', async () => {
  const log: string[] = [];
  const progress: BenchProgress[] = [];
  const contenders = ['a', 'b', 'c'].map((name) => contender(name, log, 3));
  const samples = await interleave(contenders, 'stage', {
    minRounds: 4,
    maxRounds: 4,
    onProgress: (p) => progress.push(p),
  });
  const rounds = [0, 3, 6, 9].map((start) => log.slice(-12).slice(start, start + 3));
  for (const round of rounds) expect(round.toSorted()).toEqual(['a', 'b', 'c']);
  expect(new Set(rounds.map(String)).size).toBeGreaterThan(1);
  expect([...samples].map(([name, series]) => [name, series.length])).toEqual([
    ['a', 4],
    ['b', 4],
    ['c', 4],
  ]);
  for (const series of samples.values()) for (const sample of series) expect(sample).toBeGreaterThanOrEqual(3);
  expect(progress.at(-1)).toEqual({ stage: 'stage', loaded: 4, total: 4 });
});

it('makes a sample of several runs where one is too short for the clock', async () => {
  const log: string[] = [];
  await interleave([contender('short', log, 0.1)], 'stage', { minRounds: 1, maxRounds: 1 });
  expect(log.length).toBeGreaterThan(10);
});

it('stops when told to', async () => {
  const controller = new AbortController();
  const run = interleave([contender('a', [], 1)], 'stage', {
    minRounds: 1000,
    maxRounds: 1000,
    signal: controller.signal,
    onProgress: ({ loaded }) => loaded === 3 && controller.abort(new Error('enough')),
  });
  await expect(run).rejects.toThrow('enough');
});
