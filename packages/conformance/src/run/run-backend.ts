/** All cases on one backend. */
import { setBackend } from '@tensorflow/tfjs-core';
import type { BackendProvider } from '@hetconv/core';
import type { ConformanceCase, Family } from '../cases/case.ts';
import type { BackendReport } from '../report/report.ts';
import { builtInGaps } from '../gaps/built-in.ts';
import type { KnownGap } from '../gaps/known-gap.ts';
import { runCase, type Target } from './run-case.ts';
import { Tally } from './tally.ts';

export interface ConformanceProgress {
  /** The backend that is being tested. */
  readonly stage: string;
  /** The family of the case that was run last. */
  readonly family: Family;
  readonly loaded: number;
  readonly total: number;
  readonly failed: number;
}

export interface BackendRun {
  readonly provider: BackendProvider;
  readonly target: Target;
  readonly cases: readonly ConformanceCase[];
  readonly seed: number;
  readonly knownGaps: readonly KnownGap[];
  /** True when `cases` is the whole suite: then every variant must have run and every gap must have matched. */
  readonly isWhole: boolean;
  readonly bail: number;
  readonly onProgress: ((progress: ConformanceProgress) => void) | undefined;
  readonly signal: AbortSignal | undefined;
}

/** How long the event loop waits for the suite at a stretch, in milliseconds: a page stays alive. */
const SLICE = 40;

export async function runBackend(run: BackendRun): Promise<BackendReport> {
  const { provider, target, cases, signal } = run;
  await setBackend(target.backend);
  const gaps = [...run.knownGaps, ...builtInGaps(target.backend, target.kernels)];
  const ofBackend = gaps.filter((gap) => gap.backend === target.backend);
  const tally = new Tally(target.kernels, provider.describe?.() ?? {}, ofBackend, run.seed);
  const start = performance.now();
  let paused = start;
  for (const [index, test] of cases.entries()) {
    signal?.throwIfAborted();
    tally.add(test, await runCase(test, target));
    if (tally.failed >= run.bail) break;
    if (performance.now() - paused > SLICE || index === cases.length - 1) {
      run.onProgress?.({ stage: target.backend, family: test.family, loaded: index + 1, total: cases.length, failed: tally.failed });
      await new Promise((resolve) => setTimeout(resolve, 0));
      paused = performance.now();
    }
  }
  if (run.isWhole) {
    tally.requireCoverage();
    tally.requireUse();
  }
  return tally.finish(performance.now() - start);
}
