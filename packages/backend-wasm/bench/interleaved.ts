/** Timing of rivals in one process: tight rounds, so that what else the machine does hits all of them alike. */

/** Times of one contender in milliseconds, one per round. */
export type Samples = number[];

/** Runs every contender once per round and returns its times; a contender shorter than `slice` ms is run several times a round. */
export function interleave(contenders: Record<string, () => void>, rounds = 25, slice = 2): Record<string, Samples> {
  const names = Object.keys(contenders);
  const repeats: Record<string, number> = {};
  for (const name of names) {
    const run = contenders[name];
    for (let i = 0; i < 40 && i * timeOnce(run, 1) < 60; i++); // past V8's baseline compiler
    repeats[name] = Math.max(1, Math.round(slice / median([1, 2, 3].map(() => timeOnce(run, 1)))));
  }
  const samples: Record<string, Samples> = Object.fromEntries(names.map((name) => [name, []]));
  for (let round = 0; round < rounds; round++) {
    for (const name of names) samples[name].push(timeOnce(contenders[name], repeats[name]));
  }
  return samples;
}

function timeOnce(run: () => void, times: number): number {
  const start = performance.now();
  for (let i = 0; i < times; i++) run();
  return (performance.now() - start) / times;
}

export function median(values: readonly number[]): number {
  const sorted = values.toSorted((a, b) => a - b);
  const middle = sorted.length >> 1;
  return sorted.length % 2 === 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2;
}

/** Median over rounds of a/b. */
export function ratio(a: Samples, b: Samples): number {
  return median(a.map((time, round) => time / b[round]));
}

/** Half the distance between the quartiles over the median: the spread of a figure. */
export function spread(values: readonly number[]): number {
  const sorted = values.toSorted((a, b) => a - b);
  const at = (share: number): number => sorted[Math.floor(share * (sorted.length - 1))];
  return (at(0.75) - at(0.25)) / 2 / median(values);
}
