/** The options that both benchmarks share. */
import type { BenchOptions } from '@hetconv/bench';
import { positiveInteger } from '../output/choices.ts';
import { UsageError } from '../output/failure.ts';
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
  blocks: {
    type: 'string',
    description: 'Times that everything is made anew and measured; intervals come from how they differ',
    default: '5',
    valueHint: 'N',
  },
  rounds: { type: 'string', description: 'Rounds measured at least, in all blocks', default: '15', valueHint: 'R' },
  budget: {
    type: 'string',
    description: 'Seconds after which no further round begins, per backend (and layer)',
    default: '5',
    valueHint: 'S',
  },
  report: {
    type: 'string',
    description: 'Also write a report: .html (holds the result, too), .md or .json; may be given several times',
    valueHint: 'FILE',
  },
  compare: {
    type: 'string',
    description: 'An earlier result (JSON, or its HTML report): tells changes from noise',
    valueHint: 'FILE',
  },
  threshold: {
    type: 'string',
    description: 'With --compare: the smallest change that counts, in percent',
    default: '2',
    valueHint: 'PERCENT',
  },
  'fail-on-regression': { type: 'boolean', description: 'With --compare: exit code 1 if a row became slower' },
  json: { type: 'boolean', description: 'One JSON document on stdout' },
} as const;

export function benchOptions(
  args: { readonly blocks: string; readonly rounds: string; readonly budget: string },
  progress: Progress,
): Required<Omit<BenchOptions, 'signal'>> {
  const minRounds = positiveInteger('--rounds', args.rounds);
  return {
    blocks: positiveInteger('--blocks', args.blocks),
    minRounds,
    maxRounds: Math.max(100, minRounds),
    budgetMs: 1000 * positiveInteger('--budget', args.budget),
    onProgress: ({ stage, loaded, total }) => progress.update(stage, loaded, total),
  };
}

/** `--threshold 2` as the factor 1.02. @throws UsageError */
export function thresholdFactor(value: string): number {
  const percent = Number(value);
  if (value.trim() === '' || !(percent >= 0) || !Number.isFinite(percent))
    throw new UsageError(`--threshold: '${value}' must be a number of percent, at least 0.`);
  return 1 + percent / 100;
}
