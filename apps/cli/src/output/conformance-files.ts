/** Conformance reports as files: the kind by the extension, each written whole or not at all. Also read back, to be joined. */
import { readFileSync } from 'node:fs';
import { extname } from 'node:path';
import { type ConformanceReport, matrix, toJUnit, toMarkdown } from '@hetconv/conformance';
import { conformanceSection, conformanceTitle, page } from '@hetconv/report';
import { UsageError } from './failure.ts';
import { writeAtomically } from './files.ts';

const WRITERS: Readonly<Record<string, (report: ConformanceReport) => string>> = {
  '.html': (report) => page(conformanceTitle(report), conformanceSection(report)),
  '.md': toMarkdown,
  '.xml': toJUnit,
  '.json': (report) => `${JSON.stringify({ ...report, matrix: matrix(report) }, null, 2)}\n`,
};

/** @throws UsageError, before anything runs, for a file whose kind is not known */
export function requireReportKind(path: string): void {
  if (extname(path) in WRITERS) return;
  throw new UsageError(`--report: '${path}' must end in ${Object.keys(WRITERS).join(', ')} (xml: JUnit).`);
}

/** @returns the absolute path */
export function writeConformanceReport(path: string, report: ConformanceReport): string {
  return writeAtomically(path, WRITERS[extname(path)](report));
}

/** @throws UsageError where the file is none that `--report FILE.json` or `--json` has written */
export function readConformanceReport(path: string): ConformanceReport {
  let report: Partial<ConformanceReport>;
  try {
    report = JSON.parse(readFileSync(path, 'utf8')) as Partial<ConformanceReport>;
  } catch (error) {
    throw new UsageError(`--from: '${path}' cannot be read: ${error instanceof Error ? error.message : String(error)}`);
  }
  const { environment, backends, families, problems } = report;
  if (environment === undefined || backends === undefined || families === undefined || problems === undefined) {
    throw new UsageError(`--from: '${path}' must be a report of 'hetconv conformance --json'.`);
  }
  return report as ConformanceReport;
}
