/** Rounds in which every contender has its turn, in an order drawn anew: what disturbs the device disturbs all of them. */
import { median } from '@hetconv/bench';
import { createRandom } from '@hetconv/core';
import type { DeviceContender } from './contender.ts';

/** Of a contender: the median of each round's turn, in milliseconds. */
export type Samples = ReadonlyMap<string, readonly number[]>;

/** Runs before the measured ones: clocks rise, the driver and cuDNN prepare. */
const WARM_UP = 5;
/** A turn has as many runs as fit into this, between the two limits. */
const TURN_MS = 10;
const LEAST_RUNS = 3;
const MOST_RUNS = 30;

export async function measureRounds(contenders: readonly DeviceContender[], rounds: number): Promise<Samples> {
  const runs = new Map<string, number>();
  for (const contender of contenders) {
    const ms = median(await contender.time(WARM_UP));
    runs.set(contender.name, Math.min(MOST_RUNS, Math.max(LEAST_RUNS, Math.ceil(TURN_MS / ms))));
  }
  const samples = new Map<string, number[]>(contenders.map(({ name }) => [name, []]));
  const random = createRandom('turns');
  for (let round = 0; round < rounds; round++) {
    const order = contenders
      .map((contender) => ({ contender, rank: random.uint32() }))
      .toSorted((a, b) => a.rank - b.rank);
    for (const { contender } of order) {
      const { name } = contender;
      samples.get(name)?.push(median(await contender.time(runs.get(name) ?? LEAST_RUNS)));
    }
  }
  return samples;
}
