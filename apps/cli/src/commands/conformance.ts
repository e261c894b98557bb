/** `hetconv conformance`: proves that backends compute HetConv right, and shows the coverage matrix. */
import { FAMILIES, type Family, matrix, runConformance } from '@hetconv/conformance';
import { defineCommand } from 'citty';
import { describeEnvironment } from '../backends/environment.ts';
import { selectBackends } from '../backends/select.ts';
import { list, oneOf, positiveInteger } from '../output/choices.ts';
import { emitJson, print } from '../output/emit.ts';
import { CheckFailedError } from '../output/failure.ts';
import { createProgress } from '../output/progress.ts';
import { figure, renderTable } from '../output/table.ts';

export const conformanceCommand = defineCommand({
  meta: { name: 'conformance', description: 'Check backends against the float64 oracle' },
  args: {
    backends: {
      type: 'string',
      description: "Backends, separated by commas, or 'all' that this machine has",
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
    const providers = await selectBackends(args.backends);
    const progress = createProgress();
    const report = await runConformance({
      providers,
      ...(families === undefined ? {} : { families }),
      ...(args.case === undefined ? {} : { caseId: args.case }),
      ...(args.seed === undefined ? {} : { seed: positiveInteger('--seed', args.seed) }),
      onProgress: ({ stage, loaded, total }) => progress.update(`${stage}: conformance`, loaded, total),
    }).finally(() => progress.stop());
    if (args.json) emitJson({ ...report, environment: { ...describeEnvironment(providers), ...report.environment } });
    else printReport(report);
    if (!report.ok) throw new CheckFailedError(`conformance: ${report.problems.join('; ')}`);
  },
});

function printReport(report: Awaited<ReturnType<typeof runConformance>>): void {
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
