/** Writes a benchmark's report; its kind follows from the name of the file. */
import { extname } from 'node:path';
import type { BenchResult } from '@hetconv/bench';
import { benchMarkdown, benchSection, benchTitle, embedResult } from '@hetconv/report';
import { UsageError } from './failure.ts';
import { writeAtomically } from './files.ts';
import { writeReport } from './report-file.ts';

/** By the end of the file's name; each returns the absolute path. */
const KINDS: Readonly<Record<string, (path: string, result: BenchResult) => string>> = {
  '.html': (path, result) =>
    writeReport(path, benchTitle(result), (document) => `${benchSection(result, document)}\n${embedResult(result)}`),
  '.md': (path, result) => writeAtomically(path, benchMarkdown(result)),
  '.json': (path, result) => writeAtomically(path, `${JSON.stringify(result, null, 2)}\n`),
};

/** @throws UsageError listing the kinds */
export function checkBenchReport(path: string): void {
  if (KINDS[extname(path)] === undefined)
    throw new UsageError(`--report: '${path}' must end in one of ${Object.keys(KINDS).join(', ')}.`);
}

/** @returns the absolute path of the file */
export function writeBenchReport(path: string, result: BenchResult): string {
  return KINDS[extname(path)](path, result);
}
