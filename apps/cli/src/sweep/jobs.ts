/** The trainings of an experiment, and how far each is by what its folder holds. */
import { join } from 'node:path';
import { DATASETS, type Split } from '@hetconv/datasets';
import { usesPart } from '@hetconv/layers';
import { differencesBetween, type LogEntry, TrainingError, type TrainingIdentity } from '@hetconv/train';
import { readCheckpointHeader, readLog } from '@hetconv/train/node';
import { UsageError } from '../output/failure.ts';
import { datasetNamed } from '../training/load-data.ts';
import { mergeRecipe } from '../training/recipe.ts';
import type { Experiment, Row } from './experiment.ts';

/** One training: a row with a seed. */
export interface Job {
  /** Of its folder below `--out`: MODEL-KIND-pPART-sSEED. */
  readonly name: string;
  readonly row: Row;
  readonly seed: number;
}

export type JobState =
  /** No checkpoint: it begins. */
  | { readonly status: 'missing' }
  /** It goes on. */
  | {
      readonly status: 'begun';
      readonly identity: TrainingIdentity;
      readonly log: readonly LogEntry[];
      readonly seconds: number;
    }
  | {
      readonly status: 'done';
      readonly identity: TrainingIdentity;
      readonly log: readonly LogEntry[];
      readonly seconds: number;
    }
  /** The folder cannot be used as it is. */
  | { readonly status: 'damaged'; readonly reason: string };

/** Row by row for the first seed, then for the next: what is compared is there early. */
export function jobsOf({ rows, seeds }: Experiment): Job[] {
  return seeds.flatMap((seed) =>
    rows.map((row) => ({ name: `${row.model}-${row.kind}-p${row.part}-s${seed}`, row, seed })),
  );
}

/** @throws UsageError where the folder holds another training than the job, naming it and what differs */
export async function inspectJob(experiment: Experiment, job: Job, out: string): Promise<JobState> {
  const folder = join(out, job.name);
  try {
    const header = await readCheckpointHeader(folder);
    if (header === undefined) return { status: 'missing' };
    const { identity, progress } = header;
    const [saved, wanted] = [pick(identity, job), expected(experiment, job, identity)];
    const found = differencesBetween(saved, wanted);
    if (found.length > 0) {
      throw new UsageError(
        `--out: '${job.name}' in it holds another training: ${found.join('; ')}. Move it away, or choose another folder.`,
      );
    }
    const log = (await readLog(join(folder, 'log.jsonl'))).slice(0, progress.epoch);
    const { epochs } = identity.recipe;
    if (log.length < progress.epoch) {
      return {
        status: 'damaged',
        reason: `log.jsonl holds ${log.length} of the ${progress.epoch} epochs that are done`,
      };
    }
    return { status: progress.epoch < epochs ? 'begun' : 'done', identity, log, seconds: progress.seconds };
  } catch (error) {
    const isSystem = error instanceof Error && 'syscall' in error;
    if (error instanceof TrainingError || isSystem)
      return { status: 'damaged', reason: `${error.message} Moved away, it is trained anew.` };
    throw error;
  }
}

/**
 * What the folders of all jobs hold.
 *
 * @throws UsageError where one holds another training, or where two were trained on different images
 */
export async function inspectJobs(
  experiment: Experiment,
  jobs: readonly Job[],
  out: string,
): Promise<Map<Job, JobState>> {
  const states = new Map<Job, JobState>();
  let first: { readonly job: Job; readonly identity: TrainingIdentity } | undefined;
  for (const job of jobs) {
    const state = await inspectJob(experiment, job, out);
    states.set(job, state);
    if (!('identity' in state)) continue;
    first ??= { job, identity: state.identity };
    const found = differencesBetween(first.identity.data, state.identity.data);
    if (found.length > 0)
      throw new UsageError(`--out: '${job.name}' in it has other data than '${first.job.name}': ${found.join('; ')}.`);
  }
  return states;
}

/** What a job decides of an identity; the weights' shapes follow from it, and the training itself compares all. */
function pick({ recipe, model, data }: TrainingIdentity, { row }: Job): object {
  const { model: name, convKind, part, seed } = model.metadata;
  return {
    recipe,
    model: { name, kind: convKind, ...(usesPart(row.kind) && { part }), seed },
    data: { name: data.name, train: data.train, test: data.test },
  };
}

function expected(
  { recipe, data, limit }: Experiment,
  { row, seed }: Job,
  { recipe: saved, data: found }: TrainingIdentity,
): object {
  const { model: name, kind, part } = row;
  const images = (split: Split): number => Math.min(limit ?? Infinity, sizeOf(data, split) ?? found[split]);
  return {
    recipe: mergeRecipe({ ...recipe, seed }, {}, saved.normalization),
    model: { name, kind, ...(usesPart(kind) && { part }), seed },
    data: { name: data, train: images('train'), test: images('test') },
  };
}

/** Of a known set. */
function sizeOf(data: string, split: Split): number | undefined {
  const id = datasetNamed(data);
  if (id === undefined) return undefined;
  const files = DATASETS[id].splits[split].filter(({ holds }) => holds !== 'labels');
  return files.reduce((sum, { count }) => sum + count, 0);
}
