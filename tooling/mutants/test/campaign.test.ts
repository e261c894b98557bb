/**
 * The share of the campaign that CI runs: every mutant that needs no GPU, each asked first of the family that caught it last
 * time. The whole of it, all families and GPUs: node tooling/mutants/campaign.ts.
 */
import { availableParallelism } from 'node:os';
import { FAMILIES } from '@hetconv/conformance';
import { expect, it } from 'vitest';
import { MUTANTS } from '../list/index.ts';
import type { Place } from '../mutant.ts';
import { problemOf } from '../open.ts';
import { readResults } from '../results.ts';
import { runBaseline, runMutants } from '../run-mutants.ts';

const PLACES: readonly Place[] = ['cpu', 'composed', 'wasm'];
const TIMEOUT = 900_000;

const mutants = MUTANTS.filter(({ place }) => PLACES.includes(place));
const lastTime = new Map(readResults().mutants.map(({ id, caughtBy }) => [id, Object.keys(caughtBy)]));

it.each(PLACES)(
  '%s passes without a mutant',
  async (place) => {
    expect(await runBaseline(place)).toMatchObject({ kind: 'verdict', verdict: { caughtBy: {} } });
  },
  TIMEOUT,
);

it(
  'every mutant is caught',
  async () => {
    const judged = await runMutants(mutants, {
      processes: Math.min(4, availableParallelism()),
      stopAtFirst: true,
      // From the back: later families are smaller.
      likely: ({ id }) => FAMILIES.filter((family) => lastTime.get(id)?.includes(family)).toReversed(),
    });
    const problems = judged.flatMap(({ mutant, answer }) => {
      if (answer.kind !== 'verdict') return [`${mutant.id}: ${JSON.stringify(answer)}`];
      return problemOf(mutant, answer.verdict) ?? [];
    });
    expect(problems).toEqual([]);
    expect(judged).toHaveLength(mutants.length);
  },
  TIMEOUT,
);
