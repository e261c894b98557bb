/** What the last campaign found, kept beside the code, so that the table in the docs can be checked without a new one. */
import { readFileSync, renameSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import type { Verdict } from './judge.ts';
import type { Place } from './mutant.ts';

export interface MutantResult extends Verdict {
  readonly id: string;
  /** Of the edit that was judged, see `digestOf`. */
  readonly digest: string;
}

export interface FaultResult extends Verdict {
  readonly name: string;
}

export interface Results {
  /** Where the mutants of each place ran: Node's or the browser's version. */
  readonly runtimes: Partial<Record<Place, string>>;
  readonly mutants: readonly MutantResult[];
  readonly faults: readonly FaultResult[];
}

const file = fileURLToPath(new URL('./results.json', import.meta.url));

export function readResults(): Results {
  return JSON.parse(readFileSync(file, 'utf8')) as Results;
}

export function writeResults(results: Results): void {
  replaceFile(file, `${JSON.stringify(results, null, 2)}\n`);
}

/** Whole or not at all. */
export function replaceFile(path: string, content: string): void {
  const temporary = `${path}.${process.pid}.tmp`;
  writeFileSync(temporary, content);
  renameSync(temporary, path);
}
