/** Writes a benchmark's report; its kind follows from the name of the file. */
import { extname } from 'node:path';
import type { BenchResult } from '@hetconv/bench';
import { benchMarkdown, benchSection, benchTitle, embedResult, page } from '@hetconv/report';
import { parseHTML } from 'linkedom';
import { UsageError } from './failure.ts';
import { writeAtomically } from './files.ts';

const KINDS: Readonly<Record<string, (result: BenchResult) => string>> = {
  '.html': (result) => {
    const { document } = parseHTML('<!doctype html><html><body></body></html>');
    return page(benchTitle(result), `${benchSection(result, document)}\n${embedResult(result)}`);
  },
  '.md': benchMarkdown,
  '.json': (result) => `${JSON.stringify(result, null, 2)}\n`,
};

/** @throws UsageError listing the kinds */
export function checkReportFile(path: string): void {
  if (KINDS[extname(path)] === undefined)
    throw new UsageError(`--report: '${path}' must end in one of ${Object.keys(KINDS).join(', ')}.`);
}

/** @returns the absolute path of the file */
export function writeReport(path: string, result: BenchResult): string {
  return writeAtomically(path, KINDS[extname(path)](result));
}
