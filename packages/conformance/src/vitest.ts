/** The suite as tests: one a family and backend. Takes the test runner's functions, so that no runner is a dependency. */
import { FAMILIES } from './cases/case.ts';
import { simplestFailure, WHOLE } from './report/failures.ts';
import type { CaseFailure, ConformanceReport } from './report/report.ts';
import type { ConformanceOptions } from './run/options.ts';
import { runConformance } from './run/run-conformance.ts';

/** What is used of vitest (or of a runner with the same functions). */
export interface TestFunctions {
  readonly describe: (name: string, define: () => void) => unknown;
  readonly it: (name: string, run: (context: TestContext) => Promise<void>, timeout?: number) => unknown;
}

/** What is used of the argument of a test. */
export interface TestContext {
  readonly skip: (reason?: string) => void;
}

/** Failures shown a test; the report has them all. */
const SHOWN = 5;

/**
 * Declares the tests of the given backends:
 *
 * ```ts
 * import { describe, it } from 'vitest';
 * describeConformance({ describe, it }, { providers: [backend] });
 * ```
 *
 * The suite runs once, in the first of the tests.
 *
 * @param timeout milliseconds for the whole suite; default 5 minutes
 */
export function describeConformance(
  { describe, it }: TestFunctions,
  options: ConformanceOptions,
  timeout = 300_000,
): void {
  let running: Promise<ConformanceReport> | undefined;
  const run = (): Promise<ConformanceReport> => (running ??= runConformance(options));
  const families: readonly string[] = options.families ?? FAMILIES;
  for (const { name } of options.providers) {
    describe(`HetConv conformance: ${name}`, () => {
      for (const section of [...families, WHOLE]) {
        const test = async ({ skip }: TestContext): Promise<void> => {
          const { available, reason, failed, failures } = (await run()).backends[name];
          if (!available && failed === 0) return skip(reason);
          const here = failures.filter(({ id }) => {
            const family = familyOf(id);
            return families.includes(family) ? family === section : section === WHOLE;
          });
          if (here.length > 0) throw new Error(describeFailures(here));
        };
        it(section, test, timeout);
      }
    });
  }
}

function familyOf(id: string): string {
  return id.slice(0, id.indexOf('/'));
}

/** The one with the least to look at first. */
function describeFailures(failures: readonly CaseFailure[]): string {
  const simplest = simplestFailure(failures);
  const ordered = failures.toSorted((a, b) => Number(b === simplest) - Number(a === simplest));
  const shown = ordered.slice(0, SHOWN).map(({ id, message }) => `${id}\n  ${message}`);
  return `${failures.length} failed:\n${shown.join('\n')}`;
}
