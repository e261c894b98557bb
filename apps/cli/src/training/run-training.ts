/** A training with its folder: checkpoints, figures, curves and weights in it, all written whole or not at all. */
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { fileSystem } from '@hetconv/layers/node';
import { curvesSection } from '@hetconv/report';
import {
  type Checkpoint,
  differencesBetween,
  type Recipe,
  stampModel,
  trainModel,
  type TrainingResult,
} from '@hetconv/train';
import {
  CHECKPOINT_FILES,
  checkpointFolder,
  type FolderLock,
  loadCheckpoint,
  lockFolder,
  type LogFile,
  openLog,
  readCheckpointHeader,
  workerLoader,
} from '@hetconv/train/node';
import type { LayersModel } from '@tensorflow/tfjs-layers';
import { note } from '../output/emit.ts';
import { UsageError } from '../output/failure.ts';
import { writeAtomically } from '../output/files.ts';
import { createProgress } from '../output/progress.ts';
import { writeReport } from '../output/report-file.ts';
import { epochText, progressText } from './describe.ts';
import { interruptible } from './interruption.ts';
import type { LoadedData } from './load-data.ts';
import { tellParent } from './parent-process.ts';
import { WEIGHTS_FOLDER } from './resolve-weights.ts';

const INTERRUPTED = 'writing a checkpoint after this step (once more to stop at once)';

export interface TrainingJob {
  readonly model: LayersModel;
  /** For people. */
  readonly title: string;
  readonly data: LoadedData;
  readonly recipe: Recipe;
  readonly out: string;
  /** Of `startingPoint`. */
  readonly resume: Checkpoint | undefined;
  readonly checkpointSeconds: number;
  /** Beside the recipe, for whoever wants to do it again: command, versions, backend. */
  readonly facts: Readonly<Record<string, unknown>>;
}

/**
 * What the folder holds: nothing for a new training, a checkpoint for one that goes on.
 *
 * @throws UsageError where it holds a training and `resume` was not asked for, or the other way round
 */
export async function startingPoint(out: string, resume: boolean): Promise<Checkpoint | undefined> {
  if (resume) {
    const checkpoint = await loadCheckpoint(out);
    if (checkpoint !== undefined) return checkpoint;
    throw new UsageError(`--resume: there is no ${CHECKPOINT_FILES.last} in '${out}'.`);
  }
  if (!existsSync(join(out, CHECKPOINT_FILES.last))) return undefined;
  throw new UsageError(`--out: '${out}' holds a training: --resume goes on with it, another folder starts anew.`);
}

/** @throws TrainingError where another process trains into the folder; what `trainModel` throws */
export async function runTraining(job: TrainingJob): Promise<TrainingResult> {
  const lock = await lockFolder(job.out);
  try {
    // `resume` was read before the lock was ours.
    const found = { progress: (await readCheckpointHeader(job.out))?.progress };
    if (differencesBetween({ progress: job.resume?.progress }, found).length > 0)
      throw new UsageError(`--out: another process has trained into '${job.out}' meanwhile; look at it once more.`);
    return await runLocked(job, lock);
  } finally {
    await lock.release();
  }
}

async function runLocked(job: TrainingJob, lock: FolderLock): Promise<TrainingResult> {
  const { model, data, recipe, out, resume } = job;
  const { name: dataset, classes: classNames, imageShape } = data;
  stampModel(model, { dataset, classNames, normalization: recipe.normalization, imageShape });
  if (resume === undefined) {
    writeAtomically(join(out, 'recipe.json'), json(recipe));
    writeAtomically(join(out, 'training.json'), json(job.facts));
  }
  const log = await openLog(join(out, 'log.jsonl'), resume?.progress.logBytes ?? 0);
  const loader = workerLoader({ ...data.specs, recipe });
  const progress = createProgress();
  const store = checkpointFolder(out);
  try {
    return await interruptible(INTERRUPTED, (signal) =>
      trainModel({
        model,
        data,
        recipe,
        loader,
        log,
        checkpoints: {
          async save(checkpoint, kind) {
            await lock.verify();
            await store.save(checkpoint, kind);
          },
        },
        checkpointSeconds: job.checkpointSeconds,
        ...(resume === undefined ? {} : { resume }),
        signal,
        onProgress: (state) => {
          const { stage, epoch, epochs, step, steps } = state;
          progress.update(`epoch ${epoch}/${epochs} ${stage}`, step, steps, progressText(state));
          tellParent(state);
        },
        async onEpoch(line) {
          progress.stop(); // the line stays, the bar begins anew
          note(epochText(line, recipe.epochs));
          await model.save(fileSystem(join(out, WEIGHTS_FOLDER)));
          await writeCurves(job, log, line.epoch < recipe.epochs);
        },
      }),
    );
  } finally {
    progress.stop();
    await loader.close();
  }
}

async function writeCurves({ out, title }: TrainingJob, log: LogFile, isRunning: boolean): Promise<void> {
  const entries = await log.read();
  writeReport(
    join(out, 'curves.html'),
    title,
    (document) => curvesSection(entries, document),
    isRunning ? 30 : undefined,
  );
}

function json(value: unknown): string {
  return `${JSON.stringify(value, null, 2)}\n`;
}
