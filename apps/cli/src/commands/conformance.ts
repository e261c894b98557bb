/** `hetconv conformance`: proves that backends compute HetConv right, and shows the coverage matrix. */
import { type ConformanceReport, FAMILIES, type Family, joinReports, runConformance, SETS } from '@hetconv/conformance';
import { distinctLayers } from '@hetconv/zoo-classification';
import { defineCommand } from 'citty';
import { describeEnvironment } from '../backends/environment.ts';
import { selectBackends } from '../backends/select.ts';
import type { PageProgress } from '../browser/protocol.ts';
import { list, oneOf, optionValues, positiveInteger } from '../output/choices.ts';
import { readConformanceReport, requireReportKind, writeConformanceReport } from '../output/conformance-files.ts';
import { printConformance } from '../output/conformance-text.ts';
import { emitJson, note } from '../output/emit.ts';
import { CheckFailedError } from '../output/failure.ts';
import { createProgress } from '../output/progress.ts';
import { BACKENDS_HELP } from './bench-arguments.ts';
import { listCases } from './conformance-list.ts';

export const conformanceCommand = defineCommand({
  meta: { name: 'conformance', description: 'Check backends against the float64 oracle' },
  args: {
    backends: { type: 'string', description: BACKENDS_HELP, default: 'all' },
    families: { type: 'string', description: `Only these families: ${FAMILIES.join(', ')}` },
    set: { type: 'string', description: `How many cases: ${SETS.join(' or ')}`, valueHint: 'SET' },
    case: { type: 'string', description: 'Only the case of this id, as a failure names it', valueHint: 'ID' },
    seed: { type: 'string', description: 'Seed of the case builder', valueHint: 'S' },
    list: { type: 'boolean', description: 'Run nothing; the ids on stdout, the counts a family on stderr' },
    from: { type: 'string', description: 'Run nothing; join reports made earlier', valueHint: 'A.json,B.json' },
    report: {
      type: 'string',
      description: 'Also write FILE.html, .md, .xml (JUnit) or .json; may be given several times',
      valueHint: 'FILE',
    },
    json: { type: 'boolean', description: 'One JSON document on stdout' },
  },
  async run({ args, rawArgs }) {
    const files = optionValues(rawArgs, 'report');
    for (const file of files) requireReportKind(file);
    const options = suiteOptions(args);
    if (args.list) {
      const { providers } = await selectBackends(args.backends, 'here');
      listCases(providers, options, args.json ?? false);
      return;
    }
    const report =
      args.from === undefined
        ? await runHereAndThere(args.backends, options)
        : joinReports(list('--from', args.from).map(readConformanceReport));
    for (const file of files) note(`Report: ${writeConformanceReport(file, report)}`);
    if (args.json) emitJson(report);
    else printConformance(report);
    if (!report.ok) throw new CheckFailedError(`conformance: ${report.problems.join('; ')}`);
  },
});

/** The part of `ConformanceOptions` that a command line can say, and that travels to a page as JSON. */
function suiteOptions(args: {
  readonly families?: string | undefined;
  readonly set?: string | undefined;
  readonly case?: string | undefined;
  readonly seed?: string | undefined;
}) {
  const { families, set, case: caseId, seed } = args;
  return {
    ...(families === undefined
      ? {}
      : { families: list('--families', families).map((name) => oneOf<Family>('--families', name, FAMILIES)) }),
    ...(set === undefined ? {} : { set: oneOf('--set', set, SETS) }),
    ...(caseId === undefined ? {} : { caseId }),
    ...(seed === undefined ? {} : { seed: positiveInteger('--seed', seed) }),
  };
}

type SuiteOptions = ReturnType<typeof suiteOptions>;

/** What can run in this process does, the rest in a browser; one report of both. */
async function runHereAndThere(backends: string, options: SuiteOptions): Promise<ConformanceReport> {
  const selection = await selectBackends(backends);
  const { providers, browser } = selection;
  const progress = createProgress();
  const onProgress = ({ stage, loaded, total }: PageProgress): void =>
    progress.update(`${stage}: conformance`, loaded, total);
  try {
    const reports: ConformanceReport[] = [];
    // Without any backend the suite itself says what is missing.
    if (providers.length > 0 || browser === undefined) {
      reports.push(await runConformance({ providers, layers: distinctLayers(), ...options, onProgress }));
    }
    if (browser !== undefined) reports.push(await browser.conformance(options, onProgress));
    const report = joinReports(reports);
    return { ...report, environment: { ...(await describeEnvironment(selection)), ...report.environment } };
  } finally {
    progress.stop();
    await selection.close();
  }
}
