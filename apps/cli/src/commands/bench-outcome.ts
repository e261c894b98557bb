/** What becomes of a benchmark's result: compared, printed, written, and a regression failed. The same for layers and networks. */
import { type BenchResult, compareResults, isModelRow } from '@hetconv/bench';
import { optionValues } from '../output/choices.ts';
import { printBench } from '../output/bench-tables.ts';
import { emitJson, note } from '../output/emit.ts';
import { CheckFailedError, UsageError } from '../output/failure.ts';
import { checkBenchReport, writeBenchReport } from '../output/bench-report-file.ts';
import { readSavedResult } from '../output/saved-result.ts';
import { thresholdFactor } from './bench-arguments.ts';

interface OutcomeArguments {
  readonly compare: string | undefined;
  readonly threshold: string;
  readonly 'fail-on-regression': boolean | undefined;
  readonly json: boolean | undefined;
}

/**
 * Reads and checks what can be wrong before minutes are spent on measuring.
 *
 * @param what the benchmark measures: what an earlier result must be of
 * @returns what to do with the result
 * @throws UsageError
 */
export function benchOutcome(
  what: 'layers' | 'networks',
  args: OutcomeArguments,
  rawArgs: readonly string[],
): (result: BenchResult) => void {
  const reports = optionValues(rawArgs, 'report');
  for (const file of reports) checkBenchReport(file);
  const failOnRegression = args['fail-on-regression'] ?? false;
  if (failOnRegression && args.compare === undefined)
    throw new UsageError('--fail-on-regression needs --compare FILE, the earlier result.');
  const before = args.compare === undefined ? undefined : readSavedResult('--compare', args.compare);
  if (before !== undefined && isModelRow(before.rows[0]) !== (what === 'networks'))
    throw new UsageError(`--compare: '${args.compare}' is no result of ${what}, which this command measures.`);
  const atLeast = thresholdFactor(args.threshold);
  return (measured) => {
    const comparison = before && compareResults(before, measured, { atLeast });
    const result = comparison === undefined ? measured : { ...measured, comparison };
    if (args.json) emitJson(result);
    else printBench(result);
    for (const { fact, before: was, after: is } of comparison?.environment ?? [])
      note(`WARNING: measured elsewhere: ${fact} was ${String(was)}, now ${String(is)}`);
    for (const file of reports) note(`Report: ${writeBenchReport(file, result)}`);
    const slower = comparison?.rows.filter(({ verdict }) => verdict === 'slower') ?? [];
    if (failOnRegression && slower.length > 0)
      throw new CheckFailedError(`slower than before: ${slower.map(({ label }) => label).join('; ')}`);
  };
}
