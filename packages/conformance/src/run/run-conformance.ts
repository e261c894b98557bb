/** The runner: every case on every backend that can run here, one report. */
import { getBackend, setBackend } from '@tensorflow/tfjs-core';
import { InvalidArgumentError } from '@hetconv/core';
import { DEFAULT_SEED } from '../cases/build.ts';
import { FAMILIES } from '../cases/case.ts';
import { environment } from '../environment.ts';
import { type BackendReport, type ConformanceReport, noCounts } from '../report/report.ts';
import { Flags } from './flags.ts';
import { absentFamilies, casesOf, type ConformanceOptions, isWhole, randomMsOf } from './options.ts';
import { runBackend } from './run-backend.ts';
import { type Candidate, prepareAll } from './targets.ts';

/**
 * Runs the suite. tfjs is the suite's alone until the promise settles: it changes the current backend and counts every
 * tensor. Backend and flags are put back at the end.
 *
 * The whole suite also demands that every declared variant and entry of `resources` has run and every known gap has matched a case; a selection
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
    const plans = candidates.map((candidate) => ({ candidate, cases: casesOf(options, candidate.target) }));
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

function requireBudget(randomMs: number | undefined): void {
  if (randomMs === undefined || (Number.isFinite(randomMs) && randomMs >= 0)) return;
  throw new InvalidArgumentError('runConformance', 'randomMs', randomMs, 'a number of milliseconds, 0 or more');
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

function executed({ passed, failed, xfailed }: BackendReport): number {
  return passed + failed + xfailed;
}

function problemsOf(backends: Record<string, BackendReport>): string[] {
  const reports = Object.entries(backends);
  if (reports.every(([, report]) => executed(report) === 0)) return ['No case was run.'];
  return reports.flatMap(([name, report]) => {
    if (report.failed > 0) return [`${name}: ${report.failed} ${report.failed === 1 ? 'failure' : 'failures'}`];
    return report.available && executed(report) === 0 ? [`${name}: no case was run`] : [];
  });
}
