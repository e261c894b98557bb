/** The search of the family 'random': as many cases as its time allows; the first that fails is made as small as it gets. */
import fc from 'fast-check';
import type { PassCase } from '../cases/case.ts';
import { randomCases } from '../cases/families/random.ts';
import type { Outcome } from './run-case.ts';

/** Cases between two looks at the clock by fast-check's own seed. */
const ROUND = 100;

/** Milliseconds for making a failing case smaller. */
const SHRINKING = 20_000;

export interface RandomSearch {
  readonly seed: number;
  /** Milliseconds in which cases are drawn. */
  readonly budgetMs: number;
  /** Runs a case. */
  run(test: PassCase): Promise<Outcome>;
  /** Told of every case that does not fail, before one does, and of the smallest that fails. */
  onOutcome(test: PassCase, outcome: Outcome): void;
  /** Whether a failure is expected, and not to be looked into. */
  isExpected(test: PassCase): boolean;
  readonly signal: AbortSignal | undefined;
}

/** @throws the signal's reason when aborted */
export async function searchRandom(search: RandomSearch): Promise<void> {
  const { seed, budgetMs, run, onOutcome, isExpected, signal } = search;
  let until = performance.now() + budgetMs;
  let first: PassCase | undefined;
  let smallest: { readonly test: PassCase; readonly outcome: Outcome } | undefined;
  const holds = async (test: PassCase): Promise<boolean> => {
    // Once the time is over the rest of a round holds unseen, and nothing smaller is found.
    if (signal?.aborted === true || performance.now() > until) return true;
    const outcome = await run(test);
    const isFailure = outcome.status === 'failed' && !isExpected(test);
    if (!isFailure && smallest === undefined) onOutcome(test, outcome);
    if (!isFailure) return true;
    if (first === undefined) until = performance.now() + SHRINKING;
    first ??= test;
    smallest = { test, outcome };
    return false;
  };
  for (let round = 0; smallest === undefined && performance.now() < until; round++) {
    const options = { seed: (seed * 65_537 + round) | 0, numRuns: ROUND };
    await fc.check(fc.asyncProperty(randomCases(seed), holds), options);
    signal?.throwIfAborted();
  }
  if (smallest === undefined || first === undefined) return;
  const { test, outcome } = smallest;
  const origin = test.id === first.id ? '' : ` The smallest like ${first.id}, which fails too.`;
  onOutcome(test, outcome.status === 'failed' ? { ...outcome, message: `${outcome.message}${origin}` } : outcome);
}
