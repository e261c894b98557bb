/** The runner: every case on every backend that can run here, one report. */
import { getBackend, setBackend } from '@tensorflow/tfjs-core';
import { type BackendProvider, InvalidArgumentError } from '@hetconv/core';
import { buildCases, DEFAULT_SEED } from '../cases/build.ts';
import { type ConformanceCase, FAMILIES, type Family } from '../cases/case.ts';
import { environment } from '../environment.ts';
import { type BackendReport, type ConformanceReport, noCounts } from '../report/report.ts';
import { Flags } from './flags.ts';
import type { KnownGap } from '../gaps/known-gap.ts';
import { type ConformanceProgress, runBackend } from './run-backend.ts';
import { type Candidate, prepareAll } from './targets.ts';

export interface ConformanceOptions {
  readonly providers: readonly BackendProvider[];
  /** Cases of your own instead of the built ones. */
  readonly cases?: readonly ConformanceCase[];
  /** Only the case of this id. */
  readonly caseId?: string;
  /** Only these families. */
  readonly families?: readonly Family[];
  /** Default 1. */
  readonly seed?: number;
  /** Beside the built-in gaps of the composed form; see `composedGaps`. */
  readonly knownGaps?: readonly KnownGap[];
  /** Leave a backend after this many failures. */
  readonly bail?: number;
  readonly onProgress?: (progress: ConformanceProgress) => void;
  readonly signal?: AbortSignal;
}

/**
 * Runs the suite. tfjs is the suite's alone until the promise settles: it changes the current backend and counts every
 * tensor. Backend and flags are put back at the end.
 *
 * The whole suite also demands that every declared variant has run and every known gap has matched a case; a selection
 * (`cases`, `caseId`, `families`, `bail`) does not.
 *
 * @throws InvalidArgumentError for no provider, an unknown case id or an unknown family
 * @throws the signal's reason when aborted
 */
export async function runConformance(options: ConformanceOptions): Promise<ConformanceReport> {
  const { providers, seed = DEFAULT_SEED, families = FAMILIES, knownGaps = [], onProgress, signal } = options;
  if (providers.length === 0) throw new InvalidArgumentError('runConformance', 'providers', [], 'at least one backend');
  const backendBefore: string | undefined = getBackend();
  const flags = new Flags();
  try {
    const candidates = await prepareAll(providers);
    flags.set();
    const plans = candidates.map((candidate) => ({ candidate, cases: casesOf(options, candidate) }));
    const ids = new Set(plans.flatMap(({ cases }) => cases.map(({ id }) => id)));
    if (options.caseId !== undefined && ids.size === 0 && candidates.some(({ target }) => target !== undefined)) {
      const accepted = "the id of a case, such as those in a report's failures";
      throw new InvalidArgumentError('runConformance', 'caseId', options.caseId, accepted);
    }
    const backends: Record<string, BackendReport> = {};
    for (const { candidate, cases } of plans) {
      const { provider, target } = candidate;
      const bail = options.bail ?? Infinity;
      backends[provider.name] =
        target === undefined
          ? absent(candidate)
          : await runBackend({
              provider,
              target,
              cases,
              seed,
              knownGaps,
              isWhole: isWhole(options),
              bail,
              onProgress,
              signal,
            });
    }
    const problems = problemsOf(backends);
    return {
      environment: environment(),
      seed,
      families,
      cases: ids.size,
      backends,
      ok: problems.length === 0,
      problems,
    };
  } finally {
    flags.restore();
    if (backendBefore) await setBackend(backendBefore);
  }
}

/** The cases of one backend: those of the families, its own tile sweeps among them, or the one that was asked for. */
function casesOf(options: ConformanceOptions, { target }: Candidate): ConformanceCase[] {
  if (target === undefined) return [];
  const { caseId, seed = DEFAULT_SEED, families = FAMILIES } = options;
  const cases = options.cases ?? buildCases({ seed, families, kernels: target.kernels });
  return cases.filter(({ id, family }) => families.includes(family) && (caseId === undefined || id === caseId));
}

function isWhole({ cases, caseId, families, bail }: ConformanceOptions): boolean {
  return cases === undefined && caseId === undefined && families === undefined && bail === undefined;
}

function absent({ reason = 'not available', broken }: Candidate): BackendReport {
  const report = { ...noCounts(), facts: {}, variants: {}, families: {}, skips: [], knownGaps: [], milliseconds: 0 };
  if (!broken) return { ...report, available: false, reason, failures: [] };
  return {
    ...report,
    available: false,
    reason,
    failed: 1,
    failures: [{ id: 'provider', message: reason, variants: [] }],
  };
}

function problemsOf(backends: Record<string, BackendReport>): string[] {
  const problems = Object.entries(backends).flatMap(([name, { failed }]) =>
    failed > 0 ? [`${name}: ${failed} ${failed === 1 ? 'failure' : 'failures'}`] : [],
  );
  const executed = Object.values(backends).reduce(
    (sum, { passed, failed, xfailed }) => sum + passed + failed + xfailed,
    0,
  );
  return executed === 0 ? ['No case was run.', ...problems] : problems;
}
