/** A conformance report for a terminal. */
import {
  type ConformanceReport,
  deviceText,
  matrix,
  messageOf,
  replayCommand,
  simplestFailure,
} from '@hetconv/conformance';
import { figure } from '@hetconv/report';
import { print } from './emit.ts';
import { renderTable } from './table.ts';

export function printConformance(report: ConformanceReport): void {
  const { columns, rows } = matrix(report);
  for (const [i, { backend, variant, environment }] of columns.entries()) {
    if (variant !== undefined) continue;
    print(
      renderTable(rows, [
        { title: backend, align: 'left', cell: (row) => row.family },
        { title: environment, align: 'left', cell: (row) => row.cells[i] },
      ]),
    );
    const tested = report.backends[backend];
    const device = deviceText(tested);
    if (device !== undefined) print(`  computes in ${device}`);
    for (const [name, { passed, failed, worstRatio }] of Object.entries(tested.variants)) {
      print(`  ${name}: ${passed} passed, ${failed} failed, worst r ${figure(worstRatio)}`);
    }
  }
  for (const [backend, { failures, passed, failed, skipped, xfailed }] of Object.entries(report.backends)) {
    for (const failure of failures) {
      const replay = replayCommand(backend, failure.id, report.seed);
      print(`FAILED ${backend} ${failure.id}\n  ${messageOf(failure)}\n  ${replay}`);
    }
    const simplest = simplestFailure(failures);
    if (simplest !== undefined && failures.length > 1) print(`${backend}: the smallest failing case is ${simplest.id}`);
    print(`${backend}: ${passed} passed, ${failed} failed, ${skipped} skipped, ${xfailed} known gaps`);
  }
}
