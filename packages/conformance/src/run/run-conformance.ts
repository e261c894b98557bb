/** The runner: every case on every backend that can run here, one report. */
import { getBackend, setBackend } from '@tensorflow/tfjs-core';
import { type BackendProvider, InvalidArgumentError } from '@hetconv/core';
import { buildCases, DEFAULT_SEED } from '../cases/build.ts';
import { casesOfId } from '../cases/address.ts';
import { type CaseSet, type ConformanceCase, FAMILIES, type Family } from '../cases/case.ts';
import type { NamedLayer } from '../cases/families/layers.ts';
import { environment } from '../environment.ts';
import { type BackendReport, type ConformanceReport, noCounts } from '../report/report.ts';
import type { Target } from './context.ts';
import { Flags } from './flags.ts';
import type { KnownGap } from '../gaps/known-gap.ts';
import { type ConformanceProgress, runBackend } from './run-backend.ts';
import { type Candidate, prepareAll } from './targets.ts';

export interface ConformanceOptions {
  readonly providers: readonly BackendProvider[];
  /** Cases of your own instead of the built ones. */
  readonly cases?: readonly ConformanceCase[];
  /** Only the case of this id, of whichever set. */
  readonly caseId?: string;
  /** Only these families. */
  readonly families?: readonly Family[];
  /** Default 'ci': every family in some minutes for all backends. 'full' takes all of each. */
  readonly set?: CaseSet;
  /** Layers of networks for the family 'layers', such as `distinctLayers()` of @hetconv/zoo-classification; without any it does not run. */
  readonly layers?: readonly NamedLayer[];
  /** Milliseconds that the family 'random' draws cases for, a backend; 0 leaves it out. Default 3,000, in the full set 60,000. */
  readonly randomMs?: number;
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
  const { providers, seed = DEFAULT_SEED, families = FAMILIES, set = 'ci', knownGaps = [] } = options;
  requireBudget(options.randomMs);
  if (providers.length === 0) throw new InvalidArgumentError('runConformance', 'providers', [], 'at least one backend');
  const backendBefore: string | undefined = getBackend();
  const flags = new Flags();
  try {
    const candidates = await prepareAll(providers, () => flags.set());
    const plans = candidates.map((candidate) => ({ candidate, cases: casesOf(options, candidate) }));
    const ids = new Set(plans.flatMap(({ cases }) => cases.map(({ id }) => id)));
    if (options.caseId !== undefined && ids.size === 0 && candidates.some(({ target }) => target !== undefined)) {
      const accepted = "the id of a case, such as those in a report's failures";
      throw new InvalidArgumentError('runConformance', 'caseId', options.caseId, accepted);
    }
    const backends: Record<string, BackendReport> = {};
    for (const { candidate, cases } of plans) {
      const { provider, target } = candidate;
      backends[provider.name] =
        target === undefined
          ? unavailable(candidate)
          : await runBackend(
              {
                target,
                cases,
                seed,
                knownGaps,
                randomMs: randomMsOf(options),
                absent: absentFamilies(options, target),
                isWhole: isWhole(options),
                bail: options.bail ?? Infinity,
                onProgress: options.onProgress,
                signal: options.signal,
              },
              ids,
            );
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
      set,
    };
  } finally {
    flags.restore();
    if (backendBefore) await setBackend(backendBefore);
  }
}

/** The cases of one backend: those of the families, its own tile sweeps among them, or the one that was asked for. */
function casesOf(options: ConformanceOptions, { target }: Candidate): readonly ConformanceCase[] {
  if (target === undefined) return [];
  const { caseId, families = FAMILIES, cases } = options;
  const wanted = { ...options, families, kernels: target.kernels };
  if (cases === undefined && caseId !== undefined) return casesOfId(caseId, wanted);
  return (cases ?? buildCases(wanted)).filter(
    ({ id, family }) => families.includes(family) && (caseId === undefined || id === caseId),
  );
}

/** How long 'random' runs, if it does: never beside cases of one's own. */
function randomMsOf({ cases, caseId, families = FAMILIES, set, randomMs }: ConformanceOptions): number | undefined {
  if (cases !== undefined || caseId !== undefined || randomMs === 0 || !families.includes('random')) return undefined;
  return randomMs ?? (set === 'full' ? 60_000 : 3000);
}

function absentFamilies(options: ConformanceOptions, { kernels }: Target): Map<Family, string> {
  const reasons: readonly (readonly [Family, boolean, string])[] = [
    ['layers', (options.layers ?? []).length === 0, 'no layers given'],
    ['tiles', kernels.variants.length === 0, 'no variant is declared'],
    ['random', options.randomMs === 0, 'no time given'],
  ];
  const families = options.families ?? FAMILIES;
  const absent = reasons.filter(([family, isAbsent]) => isAbsent && families.includes(family));
  return new Map(absent.map(([family, _, reason]) => [family, reason]));
}

function requireBudget(randomMs: number | undefined): void {
  if (randomMs === undefined || (Number.isFinite(randomMs) && randomMs >= 0)) return;
  throw new InvalidArgumentError('runConformance', 'randomMs', randomMs, 'a number of milliseconds, 0 or more');
}

function isWhole({ cases, caseId, families, bail }: ConformanceOptions): boolean {
  return cases === undefined && caseId === undefined && families === undefined && bail === undefined;
}

function unavailable({ reason = 'not available', broken }: Candidate): BackendReport {
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
  const executed = ({ passed, failed, xfailed }: BackendReport): number => passed + failed + xfailed;
  const reports = Object.entries(backends);
  if (reports.every(([, report]) => executed(report) === 0)) return ['No case was run.'];
  return reports.flatMap(([name, report]) => {
    if (report.failed > 0) return [`${name}: ${report.failed} ${report.failed === 1 ? 'failure' : 'failures'}`];
    return report.available && executed(report) === 0 ? [`${name}: no case was run`] : [];
  });
}
