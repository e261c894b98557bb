/** `hetconv train`: trains a network of the zoo on images, resumably. */
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { fileSystem } from '@hetconv/layers/node';
import { type LogEntry, type Progress as TrainingProgress, stampModel, trainModel } from '@hetconv/train';
import { checkpointFolder, CHECKPOINT_FILES, loadCheckpoint, openLog, workerLoader } from '@hetconv/train/node';
import * as tf from '@tensorflow/tfjs-core';
import { defineCommand } from 'citty';
import { selectBackends } from '../backends/select.ts';
import { part, positiveInteger } from '../output/choices.ts';
import { emitJson, note, print } from '../output/emit.ts';
import { UsageError } from '../output/failure.ts';
import { writeAtomically } from '../output/files.ts';
import { createProgress } from '../output/progress.ts';
import { loadTrainingData } from '../training/load-data.ts';
import { recipeArguments, recipeFrom } from '../training/recipe.ts';
import { findKind, findModel, modelArguments, noticeCollector } from './model-arguments.ts';

export const trainCommand = defineCommand({
  meta: { name: 'train', description: 'Train a network: hetconv train MODEL --data DATA --out FOLDER' },
  args: {
    ...modelArguments,
    part: { type: 'string', description: "P, or 'channels'", default: '4', valueHint: 'P|channels' },
    data: {
      type: 'string',
      description:
        'cifar10:FOLDER, cifar100:FOLDER, fashion-mnist:FOLDER, or a folder with a folder of pictures for each class',
      required: true,
      valueHint: 'DATA',
    },
    out: {
      type: 'string',
      description: 'Where checkpoints, figures and weights go',
      required: true,
      valueHint: 'FOLDER',
    },
    resume: { type: 'boolean', description: 'Go on where the training in --out was interrupted' },
    backend: { type: 'string', description: 'Backend', default: 'wasm', valueHint: 'B' },
    limit: { type: 'string', description: 'Only the first so many images of each split', valueHint: 'N' },
    'checkpoint-seconds': {
      type: 'string',
      description: 'Between checkpoints inside an epoch',
      default: '120',
      valueHint: 'S',
    },
    ...recipeArguments,
    json: { type: 'boolean', description: 'One JSON document on stdout' },
  },
  async run({ args }) {
    const entry = findModel(args.model);
    const kind = findKind(args.kind);
    const asked = part('--part', args.part, 'M');
    const limit = args.limit === undefined ? undefined : positiveInteger('--limit', args.limit);
    const checkpoint = args.resume === true ? await loadCheckpoint(args.out) : undefined;
    if (args.resume === true && checkpoint === undefined) {
      throw new UsageError(`--resume: there is no ${CHECKPOINT_FILES.last} in '${args.out}'.`);
    }
    if (args.resume !== true && existsSync(join(args.out, CHECKPOINT_FILES.last))) {
      throw new UsageError(
        `--out: '${args.out}' holds a training; --resume goes on with it, another folder starts anew.`,
      );
    }
    const {
      providers: [provider],
    } = await selectBackends(args.backend, 'here');
    provider.prepareTraining?.();
    await tf.setBackend(provider.name);

    const data = await loadTrainingData(args.data, entry.inputShape, limit);
    const recipe = recipeFrom(args, data.normalization);
    const notices = noticeCollector();
    const model = entry.build({
      convKind: kind,
      part: asked,
      seed: recipe.seed,
      classes: data.classes.length,
      onNotice: notices.onNotice,
    });
    notices.flush();
    stampModel(model, { dataset: data.name, classNames: data.classes, normalization: recipe.normalization });
    writeAtomically(join(args.out, 'recipe.json'), `${JSON.stringify(recipe, null, 2)}\n`);
    const log = await openLog(join(args.out, 'log.jsonl'), checkpoint?.progress.logBytes ?? 0);

    const abort = new AbortController();
    const interrupt = (): void => {
      note('\ninterrupted: writing a checkpoint after this step (again to stop at once)');
      process.removeListener('SIGINT', interrupt);
      process.removeListener('SIGTERM', interrupt);
      abort.abort();
    };
    process.on('SIGINT', interrupt);
    process.on('SIGTERM', interrupt);
    const loader = workerLoader({ ...data.specs, recipe });
    const progress = createProgress();
    try {
      const result = await trainModel({
        model,
        data,
        recipe,
        loader,
        checkpoints: checkpointFolder(args.out),
        checkpointSeconds: positiveInteger('--checkpoint-seconds', args['checkpoint-seconds']),
        log,
        ...(checkpoint === undefined ? {} : { resume: checkpoint }),
        signal: abort.signal,
        onProgress: (state) => {
          const { stage, epoch, epochs, step, steps } = state;
          progress.update(`epoch ${epoch}/${epochs} ${stage}`, step, steps, describeProgress(state));
        },
        async onEpoch(line) {
          note(describeEpoch(line, recipe.epochs));
          await model.save(fileSystem(join(args.out, 'weights')));
        },
      });
      progress.stop();
      if (result.status === 'interrupted') {
        note(`stopped in epoch ${result.progress.epoch + 1}; the same command with --resume goes on`);
        process.exitCode = 1;
      }
      const figures = { status: result.status, ...result.progress, last: result.last };
      if (args.json)
        emitJson({ model: entry.name, kind, part: asked, backend: provider.name, out: args.out, ...figures });
      else if (result.last !== undefined) print(`test accuracy ${percent(result.last.testAccuracy)}: ${args.out}`);
    } finally {
      progress.stop();
      process.removeListener('SIGINT', interrupt);
      process.removeListener('SIGTERM', interrupt);
      await loader.close();
    }
  },
});

function describeProgress({ loss, accuracy, imagesPerSecond, secondsLeft }: TrainingProgress): string {
  const left = secondsLeft === undefined ? '' : `, ${duration(secondsLeft)} left`;
  return `loss ${loss.toFixed(3)}, ${percent(accuracy)}, ${imagesPerSecond.toFixed(0)} images/s${left}`;
}

function describeEpoch(line: LogEntry, epochs: number): string {
  return (
    `epoch ${line.epoch}/${epochs}: train ${line.loss.toFixed(4)} ${percent(line.accuracy)}, ` +
    `test ${line.testLoss.toFixed(4)} ${percent(line.testAccuracy)}, ${duration(line.seconds)}`
  );
}

function percent(fraction: number): string {
  return `${(100 * fraction).toFixed(2)} %`;
}

function duration(seconds: number): string {
  const [h, m, s] = [Math.floor(seconds / 3600), Math.floor(seconds / 60) % 60, Math.floor(seconds % 60)];
  return h > 0 ? `${h} h ${m} min` : m > 0 ? `${m} min ${s} s` : `${s} s`;
}
