/** `hetconv conformance`: proves that backends compute HetConv right, and shows the coverage matrix. */
import { type ConformanceReport, FAMILIES, type Family, matrix, runConformance } from '@hetconv/conformance';
import { figure } from '@hetconv/report';
import { defineCommand } from 'citty';
import { describeEnvironment, type EnvironmentReport } from '../backends/environment.ts';
import { selectBackends } from '../backends/select.ts';
import type { PageProgress } from '../browser/protocol.ts';
import { list, oneOf, positiveInteger } from '../output/choices.ts';
import { emitJson, print } from '../output/emit.ts';
import { CheckFailedError } from '../output/failure.ts';
import { BACKENDS_HELP } from './bench-arguments.ts';
import { createProgress } from '../output/progress.ts';
import { renderTable } from '../output/table.ts';

export const conformanceCommand = defineCommand({
  meta: { name: 'conformance', description: 'Check backends against the float64 oracle' },
  args: {
    backends: {
      type: 'string',
      description: BACKENDS_HELP,
      default: 'all',
    },
    families: { type: 'string', description: `Only these families: ${FAMILIES.join(', ')}` },
    case: { type: 'string', description: 'Only the case of this id, as a failure names it', valueHint: 'ID' },
    seed: { type: 'string', description: 'Seed of the case builder', valueHint: 'S' },
    json: { type: 'boolean', description: 'One JSON document on stdout' },
  },
  async run({ args }) {
    const families =
      args.families === undefined
        ? undefined
        : list('--families', args.families).map((name) => oneOf<Family>('--families', name, FAMILIES));
    const options = {
      ...(families === undefined ? {} : { families }),
      ...(args.case === undefined ? {} : { caseId: args.case }),
      ...(args.seed === undefined ? {} : { seed: positiveInteger('--seed', args.seed) }),
    };
    const selection = await selectBackends(args.backends);
    const { providers, browser } = selection;
    const progress = createProgress();
    const onProgress = ({ stage, loaded, total }: PageProgress): void =>
      progress.update(`${stage}: conformance`, loaded, total);
    let report: ConformanceReport;
    let environment: EnvironmentReport;
    try {
      const here = providers.length > 0 ? await runConformance({ providers, ...options, onProgress }) : undefined;
      const there = await browser?.conformance(options, onProgress);
      report = joinReports(here, there) ?? (await runConformance({ providers, ...options }));
      environment = { ...(await describeEnvironment(selection)), ...report.environment };
    } finally {
      progress.stop();
      await selection.close();
    }
    if (args.json) emitJson({ ...report, environment });
    else printReport(report);
    if (!report.ok) throw new CheckFailedError(`conformance: ${report.problems.join('; ')}`);
  },
});

/** One report of what ran here and what ran in a browser. */
function joinReports(here?: ConformanceReport, there?: ConformanceReport): ConformanceReport | undefined {
  if (here === undefined || there === undefined) return here ?? there;
  return {
    ...here,
    cases: Math.max(here.cases, there.cases),
    backends: { ...here.backends, ...there.backends },
    ok: here.ok && there.ok,
    problems: [...here.problems, ...there.problems],
  };
}

function printReport(report: ConformanceReport): void {
  const { columns, rows } = matrix(report);
  for (const [i, { backend, variant }] of columns.entries()) {
    if (variant !== undefined) continue;
    print(
      renderTable(rows, [
        { title: backend, align: 'left', cell: (row) => row.family },
        { title: 'result', align: 'left', cell: (row) => row.cells[i] },
      ]),
    );
    const { variants } = report.backends[backend];
    for (const [name, { passed, failed, worstRatio }] of Object.entries(variants)) {
      print(`  ${name}: ${passed} passed, ${failed} failed, worst r ${figure(worstRatio)}`);
    }
  }
  for (const [backend, { failures, passed, failed, skipped, xfailed }] of Object.entries(report.backends)) {
    for (const { id, message } of failures)
      print(`FAILED ${backend} --case '${id}' --seed ${report.seed}\n  ${message}`);
    print(`${backend}: ${passed} passed, ${failed} failed, ${skipped} skipped, ${xfailed} known gaps`);
  }
}
