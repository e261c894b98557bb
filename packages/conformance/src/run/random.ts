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
  /** Milliseconds in which cases are drawn; one is in any case. */
  readonly budgetMs: number;
  /** Runs a case. */
  readonly run: (test: PassCase) => Promise<Outcome>;
  /** Told of every case that does not fail, before one does, and of the smallest that fails. */
  readonly onOutcome: (test: PassCase, outcome: Outcome) => void;
  /** Whether a failure is expected, and not to be looked into. */
  readonly isExpected: (test: PassCase) => boolean;
  readonly signal: AbortSignal | undefined;
}

interface Failure {
  readonly test: PassCase;
  readonly outcome: Outcome;
}

/** @throws the signal's reason when aborted */
export async function searchRandom({ signal, ...search }: RandomSearch): Promise<void> {
  const state: { count: number; until: number; first?: PassCase; smallest?: Failure } = {
    count: 0,
    until: performance.now() + search.budgetMs,
  };
  const isOver = (): boolean => state.count > 0 && performance.now() > state.until;
  const holds = async (test: PassCase): Promise<boolean> => {
    // Once the time is over the rest of a round holds unseen, and nothing smaller is found.
    if (signal?.aborted === true || isOver()) return true;
    state.count++;
    const outcome = await search.run(test);
    const isFailure = outcome.status === 'failed' && !search.isExpected(test);
    if (!isFailure && state.smallest === undefined) search.onOutcome(test, outcome);
    if (!isFailure) return true;
    if (state.first === undefined) state.until = performance.now() + SHRINKING;
    state.first ??= test;
    state.smallest = { test, outcome };
    return false;
  };
  for (let round = 0; state.smallest === undefined && !isOver(); round++) {
    const options = { seed: (search.seed * 65_537 + round) | 0, numRuns: ROUND };
    await fc.check(fc.asyncProperty(randomCases(search.seed), holds), options);
    signal?.throwIfAborted();
  }
  if (state.smallest === undefined) return;
  const { test, outcome } = state.smallest;
  const origin = test.id === state.first?.id ? '' : ` The smallest like ${state.first?.id}, which fails too.`;
  search.onOutcome(
    test,
    outcome.status === 'failed' ? { ...outcome, message: `${outcome.message}${origin}` } : outcome,
  );
}
