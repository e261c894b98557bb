/** Which families of the conformance suite catch a fault, each run until its first failure. */
import type { BackendReport, Family } from '@hetconv/conformance';

/** What a verdict rests on. */
type Outcome = Pick<BackendReport, 'available' | 'reason' | 'passed' | 'failed' | 'xfailed'> & {
  readonly failures: readonly { readonly id: string }[];
};

/** Runs a part of the suite on the one backend under test. */
export type RunSuite = (options: { readonly families?: readonly Family[]; readonly bail?: number }) => Promise<Outcome>;

/** By family, the first case that failed; under `whole`, what only a run of the whole suite demands. */
export type Caught = Partial<Record<Family | 'whole', string>>;

export interface Verdict {
  readonly caughtBy: Caught;
  /** Families without a case for this backend. */
  readonly notRun: readonly Family[];
  /** Families that were not asked, because one that catches the fault was enough. */
  readonly notAsked: readonly Family[];
}

/** @param stopAtFirst where one family is enough; otherwise the verdict names every family that catches the fault */
export async function judge(run: RunSuite, families: readonly Family[], stopAtFirst: boolean): Promise<Verdict> {
  const caughtBy: Caught = {};
  const notRun: Family[] = [];
  let asked = 0;
  for (const family of families) {
    asked++;
    const report = available(await run({ families: [family], bail: 1 }));
    if (report.failed > 0) {
      caughtBy[family] = report.failures[0].id;
      if (stopAtFirst) break;
    } else if (report.passed + report.xfailed === 0) {
      notRun.push(family);
    }
  }
  if (Object.keys(caughtBy).length === 0) {
    const { failed, failures } = available(await run({}));
    if (failed > 0) caughtBy.whole = failures[0].id;
  }
  return { caughtBy, notRun, notAsked: families.slice(asked) };
}

/** What cannot run has not been judged: no verdict at all, rather than a survivor or a catch. */
export class Unavailable extends Error {
  override readonly name = 'Unavailable';
}

function available(report: Outcome): Outcome {
  if (!report.available && report.failed === 0) throw new Unavailable(report.reason);
  return report;
}
