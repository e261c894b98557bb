/** The options that both benchmarks share. */
import type { BenchOptions } from '@hetconv/bench';
import { positiveInteger } from '../output/choices.ts';
import type { Progress } from '../output/progress.ts';

/** What `--backends` takes. */
export const BACKENDS_HELP =
  "Backends, separated by commas (NAME@browser: in a browser), or 'all' that this machine has";

export const benchArguments = {
  backends: {
    type: 'string',
    description: BACKENDS_HELP,
    default: 'all',
  },
  rounds: { type: 'string', description: 'Rounds measured at least', default: '9', valueHint: 'R' },
  budget: {
    type: 'string',
    description: 'Seconds after which no further round begins, per backend',
    default: '5',
    valueHint: 'S',
  },
  report: { type: 'string', description: 'Also write an HTML report to this file', valueHint: 'FILE' },
  json: { type: 'boolean', description: 'One JSON document on stdout' },
} as const;

export function benchOptions(
  args: { readonly rounds: string; readonly budget: string },
  progress: Progress,
): Required<Omit<BenchOptions, 'signal'>> {
  const minRounds = positiveInteger('--rounds', args.rounds);
  return {
    minRounds,
    maxRounds: Math.max(51, minRounds),
    budgetMs: 1000 * positiveInteger('--budget', args.budget),
    onProgress: ({ stage, loaded, total }) => progress.update(stage, loaded, total),
  };
}
