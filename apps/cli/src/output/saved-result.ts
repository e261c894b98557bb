/** Reads results back: the JSON of a command, or the HTML report that holds it. */
import { readFileSync } from 'node:fs';
import { type BenchResult, parseBenchResult } from '@hetconv/bench';
import { parseSweepResult, readEmbedded, type SweepResult } from '@hetconv/report';
import { UsageError } from './failure.ts';

/** @throws UsageError naming the file and what is wrong with it */
export function readSavedResult(option: string, file: string): BenchResult {
  return readResult(option, file, 'bench', parseBenchResult);
}

/** @throws UsageError naming the file and what is wrong with it */
export function readSavedSweep(option: string, file: string): SweepResult {
  return readResult(option, file, 'train sweep', parseSweepResult);
}

function readResult<T>(option: string, file: string, command: string, parse: (value: unknown) => T): T {
  const fail = (reason: string, cause: unknown): never => {
    throw new UsageError(`${option}: '${file}' ${reason}`, { cause });
  };
  let text = '';
  try {
    text = readFileSync(file, 'utf8');
  } catch (error) {
    fail(`cannot be read: ${messageOf(error)}`, error);
  }
  let value: unknown;
  try {
    value = /^\s*</.test(text) ? readEmbedded(text) : JSON.parse(text);
  } catch (error) {
    fail(`is damaged: ${messageOf(error)}`, error);
  }
  if (value === undefined) fail('is a page without a result.', undefined);
  try {
    return parse(value);
  } catch (error) {
    return fail(`is no result of hetconv ${command}: ${messageOf(error)}`, error);
  }
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
