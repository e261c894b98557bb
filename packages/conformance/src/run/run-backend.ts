/** All cases on one backend. */
import { setBackend } from '@tensorflow/tfjs-core';
import type { ConformanceCase, Family } from '../cases/case.ts';
import type { BackendReport } from '../report/report.ts';
import { builtInGaps } from '../gaps/built-in.ts';
import type { KnownGap } from '../gaps/known-gap.ts';
import type { Target } from './context.ts';
import { searchRandom } from './random.ts';
import { runCase } from './run-case.ts';
import { Tally } from './tally.ts';

export interface ConformanceProgress {
  /** The backend that is being tested. */
  readonly stage: string;
  /** The family that is being run. */
  readonly family: Family;
  readonly loaded: number;
  readonly total: number;
  readonly failed: number;
}

export interface BackendRun {
  readonly target: Target;
  readonly cases: readonly ConformanceCase[];
  readonly seed: number;
  /** Milliseconds for the family 'random'; undefined where it does not run. */
  readonly randomMs: number | undefined;
  /** Why families that were asked for have no case. */
  readonly absent: ReadonlyMap<Family, string>;
  readonly knownGaps: readonly KnownGap[];
  /** True when `cases` is the whole suite: then every variant must have run and every gap must have matched. */
  readonly isWhole: boolean;
  readonly bail: number;
  readonly onProgress: ((progress: ConformanceProgress) => void) | undefined;
  readonly signal: AbortSignal | undefined;
}

/** How long the event loop waits for the suite at a stretch, in milliseconds: a page stays alive. */
const SLICE = 40;

/** @param ids is given the ids of the random cases */
export async function runBackend(run: BackendRun, ids: Set<string>): Promise<BackendReport> {
  const { target, signal, randomMs } = run;
  await setBackend(target.backend);
  const gaps = [...run.knownGaps, ...builtInGaps(target.backend, target.kernels)];
  const ofBackend = gaps.filter((gap) => gap.backend === target.backend);
  const tally = new Tally(target, ofBackend, run.seed);
  for (const [family, reason] of run.absent) tally.noteAbsence(family, reason);
  const start = performance.now();
  const pace = new Pace(run, tally);
  const runAll = async (cases: readonly ConformanceCase[]): Promise<void> => {
    for (const test of cases) {
      signal?.throwIfAborted();
      if (tally.failed >= run.bail) return;
      tally.add(test, await runCase(test, target));
      await pace.step(test.family);
    }
  };
  // What takes the backend away comes last.
  const ordinary = run.cases.filter(({ family }) => family !== 'resources');
  await runAll(ordinary);
  if (randomMs !== undefined && tally.failed < run.bail) {
    await searchRandom({
      seed: run.seed,
      budgetMs: randomMs,
      signal,
      run: async (test) => {
        await pace.breathe('random');
        return runCase(test, target);
      },
      isExpected: (test) => tally.gapOf(test) !== undefined,
      onOutcome: (test, outcome) => {
        ids.add(test.id);
        tally.add(test, outcome);
      },
    });
  }
  await runAll(run.cases.filter(({ family }) => family === 'resources'));
  if (run.isWhole) {
    tally.requireCoverage();
    tally.requireUse();
  }
  return tally.finish(performance.now() - start);
}

/** Lets others have the event loop now and then, and reports progress when it does. */
class Pace {
  readonly #run: BackendRun;
  readonly #tally: Tally;
  #loaded = 0;
  #paused: number = performance.now();

  constructor(run: BackendRun, tally: Tally) {
    this.#run = run;
    this.#tally = tally;
  }

  /** A case is done. */
  async step(family: Family): Promise<void> {
    this.#loaded++;
    await this.breathe(family, this.#loaded === this.#run.cases.length);
  }

  async breathe(family: Family, isLast = false): Promise<void> {
    if (!isLast && performance.now() - this.#paused <= SLICE) return;
    const { target, cases, onProgress } = this.#run;
    const { failed } = this.#tally;
    onProgress?.({ stage: target.backend, family, loaded: this.#loaded, total: cases.length, failed });
    await new Promise((resolve) => setTimeout(resolve, 0));
    this.#paused = performance.now();
  }
}
