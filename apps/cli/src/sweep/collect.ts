/** From the folders of a sweep to its result. */
import { readFileSync } from 'node:fs';
import { homedir } from 'node:os';
import { join, resolve } from 'node:path';
import { DATASETS } from '@hetconv/datasets';
import { modelCosts, usesPart } from '@hetconv/layers';
import { SWEEP_FORMAT, type SweepResult, type SweepRow, type SweepTraining } from '@hetconv/report';
import { classificationModel } from '@hetconv/zoo-classification';
import { datasetNamed, splitData } from '../training/load-data.ts';
import { mergeRecipe } from '../training/recipe.ts';
import type { Experiment, Row } from './experiment.ts';
import type { Job, JobState } from './jobs.ts';

/** What of a training's environment says how and where it was computed; nothing that names a folder or a moment. */
const PLACE = ['cpu', 'cores', 'memoryBytes', 'system', 'node', 'hetconv', 'tfjs', 'backends'] as const;

export interface Collected {
  readonly experiment: Experiment;
  readonly states: ReadonlyMap<Job, JobState>;
  /** Why jobs failed, in this call or, as the last result says, in the one before. */
  readonly failures: ReadonlyMap<Job, string>;
  readonly out: string;
  /** As `hetconv train --data` takes it. */
  readonly data: string | undefined;
  /** The result so far, whose latencies are kept. */
  readonly before: SweepResult | undefined;
}

export function collect({ experiment, states, failures, out, data, before }: Collected): SweepResult {
  const { name, title, rows, recipe, seeds } = experiment;
  const { seed: _, normalization: __, ...shared } = mergeRecipe(recipe, {}, { mean: [0, 0, 0], std: [1, 1, 1] });
  const classes = classesOf(experiment, states);
  const result: SweepResult = {
    format: SWEEP_FORMAT,
    name,
    title,
    data: { name: experiment.data, ...sizesOf(states), classes },
    recipe: shared,
    seeds,
    rows: rows.map((row): SweepRow => {
      const jobs = [...states].filter(([job]) => job.row === row);
      const own = { model: row.model, kind: row.kind, part: usesPart(row.kind) ? row.part : 'none' };
      return {
        ...own,
        twin: twinOf(row, experiment),
        ...costsOf(row, classes),
        runs: jobs.map(([job, state]) => trainingOf(job, state, failures.get(job), out)),
        latency: before?.rows.find((old) => isSame(old, own))?.latency ?? [],
      };
    }),
    ...(before?.latencyEnvironment !== undefined && { latencyEnvironment: before.latencyEnvironment }),
  };
  return withoutPaths(result, out, data);
}

/** Failures that the last result tells of, of jobs that are still not done. */
export function earlierFailures(states: ReadonlyMap<Job, JobState>, before: SweepResult | undefined): Map<Job, string> {
  const failed = [...states].flatMap(([job, state]): [Job, string][] => {
    if (state.status === 'done') return [];
    if (state.status === 'damaged') return [[job, state.reason]];
    const { model, kind, part } = job.row;
    const row = before?.rows.find((old) => isSame(old, { model, kind, part: usesPart(kind) ? part : 'none' }));
    const reason = row?.runs.find(({ seed }) => seed === job.seed)?.reason;
    return reason === undefined ? [] : [[job, reason]];
  });
  return new Map(failed);
}

function trainingOf(job: Job, state: JobState, failure: string | undefined, out: string): SweepTraining {
  const { seed } = job;
  if (state.status !== 'begun' && state.status !== 'done')
    return { seed, status: failure === undefined ? 'unfinished' : 'failed', ...because(failure), log: [], seconds: 0 };
  const { log, seconds } = state;
  const place = placeOf(join(out, job.name));
  if (state.status === 'done') return { seed, status: 'done', log, seconds, ...place };
  return { seed, status: failure === undefined ? 'unfinished' : 'failed', ...because(failure), log, seconds, ...place };
}

function because(reason: string | undefined): Pick<SweepTraining, 'reason'> {
  return reason === undefined ? {} : { reason };
}

function placeOf(folder: string): Pick<SweepTraining, 'backend' | 'environment'> {
  let facts: { readonly backend?: string; readonly environment?: Readonly<Record<string, unknown>> };
  try {
    facts = JSON.parse(readFileSync(join(folder, 'training.json'), 'utf8')) as typeof facts;
  } catch {
    return {}; // somebody removed it; the figures stand without
  }
  const { backend, environment = {} } = facts;
  const known = PLACE.flatMap((key) => (environment[key] === undefined ? [] : [[key, environment[key]]]));
  return { ...(backend !== undefined && { backend }), environment: Object.fromEntries(known) };
}

/** Index of the row of the same network that the experiment compares with. */
function twinOf(row: Row, { rows, compare: { kind = 'standard', part } }: Experiment): number | null {
  const index = rows.findIndex(
    (other) => other.model === row.model && other.kind === kind && (part === undefined || other.part === part),
  );
  return index === -1 || rows[index] === row ? null : index;
}

const counted = new WeakMap<Row, Map<number, Pick<SweepRow, 'macs' | 'params'>>>();

/** Counted once: a network is built for it. */
function costsOf(row: Row, classes: number): Pick<SweepRow, 'macs' | 'params'> {
  const byClasses = counted.get(row) ?? new Map<number, Pick<SweepRow, 'macs' | 'params'>>();
  counted.set(row, byClasses);
  const known = byClasses.get(classes);
  if (known !== undefined) return known;
  const model = classificationModel(row.model).build({ convKind: row.kind, part: row.part, classes });
  const { macs, params } = modelCosts(model).total;
  model.dispose();
  byClasses.set(classes, { macs, params });
  return { macs, params };
}

function classesOf({ data, rows }: Experiment, states: ReadonlyMap<Job, JobState>): number {
  const identity = identityIn(states);
  if (identity !== undefined) return identity.data.classes.length;
  const id = datasetNamed(data);
  return id === undefined ? classificationModel(rows[0].model).classes : DATASETS[id].classes.length;
}

function sizesOf(states: ReadonlyMap<Job, JobState>): { readonly train?: number; readonly test?: number } {
  const identity = identityIn(states);
  return identity === undefined ? {} : { train: identity.data.train, test: identity.data.test };
}

function identityIn(states: ReadonlyMap<Job, JobState>): Extract<JobState, { status: 'done' }>['identity'] | undefined {
  for (const state of states.values()) if ('identity' in state) return state.identity;
  return undefined;
}

function isSame(a: Pick<SweepRow, 'model' | 'kind' | 'part'>, b: Pick<SweepRow, 'model' | 'kind' | 'part'>): boolean {
  return a.model === b.model && a.kind === b.kind && a.part === b.part;
}

/** Results are committed and sent around: folders of this machine, which messages may name, stay here. */
function withoutPaths(result: SweepResult, out: string, data: string | undefined): SweepResult {
  const images = data === undefined ? undefined : splitData(data).folder;
  const named: [string | undefined, string][] = [
    [images, 'DATA'],
    [images && resolve(images), 'DATA'],
    [out, 'OUT'],
    [resolve(out), 'OUT'],
    [process.cwd(), '.'],
    [homedir(), '~'],
  ];
  const folders = named.filter(([folder]) => folder !== undefined && /[\\/]/.test(folder) && folder !== '/');
  const scrub = (_key: string, value: unknown): unknown =>
    typeof value === 'string'
      ? folders.reduce((text, [folder, name]) => text.replaceAll(folder ?? '', name), value)
      : value;
  return JSON.parse(JSON.stringify(result, scrub)) as SweepResult;
}
