/** Values from a fixed list, and lists of numbers, as the command line writes them. */
import { UsageError } from './failure.ts';

/** @throws UsageError listing the accepted values */
export function oneOf<T extends string>(option: string, value: string, accepted: readonly T[]): T {
  const found = accepted.find((candidate) => candidate === value);
  if (found === undefined)
    throw new UsageError(`${option}: '${value}' is not known. Accepted: ${accepted.join(', ')}.`);
  return found;
}

/** A comma-separated list; empty entries are refused. */
export function list(option: string, value: string): string[] {
  const entries = value.split(',').map((entry) => entry.trim());
  if (entries.includes(''))
    throw new UsageError(`${option}: '${value}' must be a comma-separated list without empty entries.`);
  return entries;
}

/** A positive integer. */
export function positiveInteger(option: string, value: string): number {
  const parsed = Number(value);
  if (!Number.isInteger(parsed) || parsed < 1)
    throw new UsageError(`${option}: '${value}' must be a positive integer.`);
  return parsed;
}

/** P: a positive integer, or the word for "as many as there are input channels". */
export function part(option: string, value: string, word: 'channels' | 'M'): number | 'channels' {
  if (value === word || value === 'channels') return 'channels';
  const parsed = Number(value);
  if (!Number.isInteger(parsed) || parsed < 1) {
    throw new UsageError(`${option}: '${value}' must be a positive integer or '${word}' (P = all input channels).`);
  }
  return parsed;
}

/**
 * Every value of an option that may be given several times, as `--report a.html --report=b.md`.
 *
 * @throws UsageError where one of them has no value
 */
export function optionValues(rawArgs: readonly string[], name: string): string[] {
  const values: string[] = [];
  for (const [i, arg] of rawArgs.entries()) {
    if (arg === '--') break;
    if (arg !== `--${name}` && !arg.startsWith(`--${name}=`)) continue;
    const value = arg === `--${name}` ? (rawArgs[i + 1] ?? '') : arg.slice(name.length + 3);
    if (value === '' || value.startsWith('--')) throw new UsageError(`--${name}: give it a value.`);
    values.push(value);
  }
  return values;
}
