/** A sweep: trains what is missing, keeps the report up to date, and says what became of each job. */
import { join } from 'node:path';
import { percent, type SweepResult } from '@hetconv/report';
import { note } from '../output/emit.ts';
import { collect, earlierFailures } from './collect.ts';
import type { Experiment } from './experiment.ts';
import { inspectJob, inspectJobs, type Job, jobsOf, type JobState } from './jobs.ts';
import { createSweepProgress } from './progress.ts';
import { readSweepFolder, writeSweepFiles } from './report-files.ts';
import type { SweepRun } from './run-local.ts';
import type { Outcome } from './train-process.ts';

export interface Sweep {
  readonly experiment: Experiment;
  readonly out: string;
  /** As `hetconv train --data` takes it; undefined where nothing is trained. */
  readonly data: string | undefined;
  readonly jobs: readonly Job[];
  readonly states: Map<Job, JobState>;
  readonly failures: Map<Job, string>;
}

/** What the folder holds. @throws UsageError where it holds another experiment's trainings */
export async function openSweep(experiment: Experiment, out: string, data: string | undefined): Promise<Sweep> {
  const jobs = jobsOf(experiment);
  const states = await inspectJobs(experiment, jobs, out);
  return { experiment, out, data, jobs, states, failures: earlierFailures(states, readSweepFolder(out)) };
}

/** Trains what is not done, and writes the report after every job. */
export async function trainMissing(
  sweep: Sweep,
  signal: AbortSignal,
  run: (run: SweepRun) => Promise<void>,
): Promise<void> {
  const { experiment, out, jobs, states, failures } = sweep;
  const done = jobs.flatMap((job) => {
    const state = states.get(job);
    return state?.status === 'done' ? [state.seconds] : [];
  });
  const missing = jobs.filter((job) => states.get(job)?.status !== 'done' && states.get(job)?.status !== 'damaged');
  failures.clear();
  for (const [job, state] of states) if (state.status === 'damaged') failures.set(job, state.reason);
  writeSweepFiles(out, resultOf(sweep), missing.length > 0);
  const progress = createSweepProgress(jobs.length, jobs.length - missing.length, done);
  try {
    await run({
      experiment,
      jobs: missing,
      out,
      signal,
      onProgress: (job, one) => progress.update(job, one),
      async onEnd(job, outcome) {
        const state = await inspectJob(experiment, job, out).catch((error: Error): JobState => {
          return { status: 'damaged', reason: error.message };
        });
        states.set(job, state);
        const reason = failureOf(outcome, state, join(out, job.name));
        if (reason !== undefined) failures.set(job, reason);
        progress.end(job, describe(outcome, state, reason), state.status === 'done' ? state.seconds : undefined);
        try {
          writeSweepFiles(out, resultOf(sweep), !signal.aborted);
        } catch (error) {
          note(`the report could not be written: ${(error as Error).message}`); // the other jobs go on
        }
      },
    });
  } finally {
    progress.stop();
  }
}

export function resultOf({ experiment, out, data, states, failures }: Sweep): SweepResult {
  return collect({ experiment, states, failures, out, data, before: readSweepFolder(out) });
}

/** Those that are not done. */
export function openJobs({ jobs, states }: Sweep): Job[] {
  return jobs.filter((job) => states.get(job)?.status !== 'done');
}

function failureOf(outcome: Outcome, state: JobState, folder: string): string | undefined {
  if (outcome.status === 'failed') return outcome.reason;
  if (state.status === 'damaged') return state.reason;
  if (outcome.status === 'done' && state.status !== 'done') return `it ended, and ${folder} holds no finished training`;
  return undefined;
}

function describe(outcome: Outcome, state: JobState, reason: string | undefined): string {
  if (reason !== undefined) return `FAILED: ${reason}`;
  const last = 'log' in state ? state.log.at(-1) : undefined;
  if (outcome.status === 'interrupted') return `stopped after ${last?.epoch ?? 0} epochs`;
  return last === undefined ? 'done' : `${percent(last.testAccuracy)} of the test images`;
}
