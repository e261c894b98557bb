/** Jobs in processes of this machine, so many at a time; one that fails does not keep the others from running. */
import { join } from 'node:path';
import type { Experiment } from './experiment.ts';
import type { Job } from './jobs.ts';
import { type Outcome, trainInProcess, type TrainProgress, type TrainTask } from './train-process.ts';

export interface SweepRun {
  readonly experiment: Experiment;
  /** Those to be trained, in this order. */
  readonly jobs: readonly Job[];
  readonly out: string;
  /** Aborting stops all jobs where they can go on later. */
  readonly signal: AbortSignal;
  readonly onProgress: (job: Job, progress: TrainProgress) => void;
  /** After each job, while others run; awaited before the next one begins in its place. */
  readonly onEnd: (job: Job, outcome: Outcome) => Promise<void>;
}

export interface LocalOptions {
  /** As `hetconv train --data` takes it. */
  readonly data: string;
  readonly processes: number;
  readonly checkpointSeconds: number;
}

/** Returns when all jobs have ended, whatever became of them. */
export async function runLocally(run: SweepRun, { data, processes, checkpointSeconds }: LocalOptions): Promise<void> {
  const { experiment, jobs, out, signal, onProgress, onEnd } = run;
  const waiting = [...jobs];
  const work = async (): Promise<void> => {
    for (let job = waiting.shift(); job !== undefined && !signal.aborted; job = waiting.shift()) {
      const current = job;
      const outcome = await trainInProcess(taskOf(experiment, current), {
        data,
        folder: join(out, current.name),
        checkpointSeconds,
        signal,
        onProgress: (progress) => onProgress(current, progress),
      }).catch((error: unknown): Outcome => ({ status: 'failed', reason: (error as Error).message }));
      await onEnd(current, outcome);
    }
  };
  await Promise.all(Array.from({ length: processes }, work));
}

export function taskOf({ recipe, backend, limit }: Experiment, { row, seed }: Job): TrainTask {
  return { row, seed, recipe, backend, ...(limit !== undefined && { limit }) };
}
