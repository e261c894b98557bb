/** A sweep's result as files: the data, and what people read. */
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { embedResult, type SweepResult, sweepMarkdown, sweepSection, sweepTitle } from '@hetconv/report';
import { writeAtomically } from '../output/files.ts';
import { writeReport } from '../output/report-file.ts';
import { readSavedSweep } from '../output/saved-result.ts';

const RESULTS = 'results.json';

/** Seconds after which an open browser looks again while jobs run. */
const REFRESH = 60;

/** Each file whole or not at all. @returns the path of the report */
export function writeSweepFiles(out: string, result: SweepResult, isRunning: boolean): string {
  writeAtomically(join(out, RESULTS), `${JSON.stringify(result, null, 1)}\n`);
  writeAtomically(join(out, 'REPORT.md'), sweepMarkdown(result));
  const body = (document: Document): string => `${sweepSection(result, document)}\n${embedResult(result)}`;
  return writeReport(join(out, 'report.html'), sweepTitle(result), body, isRunning ? REFRESH : undefined);
}

/** The result that stands in a folder; undefined where there is none. @throws UsageError where it is damaged */
export function readSweepFolder(out: string): SweepResult | undefined {
  const path = join(out, RESULTS);
  return existsSync(path) ? readSavedSweep('--out', path) : undefined;
}
