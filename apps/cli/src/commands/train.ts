/** `hetconv train`: trains a network of the zoo on images, resumably. */
import { resolve } from 'node:path';
import { percent } from '@hetconv/report';
import * as tf from '@tensorflow/tfjs-core';
import { defineCommand } from 'citty';
import { describeEnvironment } from '../backends/environment.ts';
import { selectBackends } from '../backends/select.ts';
import { part, positiveInteger } from '../output/choices.ts';
import { emitJson, note, print } from '../output/emit.ts';
import { CheckFailedError } from '../output/failure.ts';
import { DATA_HELP, loadTrainingData, normalizationOf } from '../training/load-data.ts';
import { recipeArguments, recipeFrom } from '../training/recipe.ts';
import { runTraining, startingPoint } from '../training/run-training.ts';
import { findKind, findModel, modelArguments, noticeCollector } from './model-arguments.ts';

export const trainCommand = defineCommand({
  meta: { name: 'train', description: 'Train a network: hetconv train MODEL --data DATA --out FOLDER' },
  args: {
    ...modelArguments,
    part: { type: 'string', description: "P, or 'channels'", default: '4', valueHint: 'P|channels' },
    data: { type: 'string', description: DATA_HELP, required: true, valueHint: 'DATA' },
    out: {
      type: 'string',
      description: 'Where checkpoints, figures, curves and weights go [MODEL-KIND-PPART-sSEED]',
      valueHint: 'FOLDER',
    },
    resume: { type: 'boolean', description: 'Go on where the training in --out stopped; the other options as before' },
    backend: { type: 'string', description: 'Backend', default: 'wasm', valueHint: 'B' },
    limit: { type: 'string', description: 'At most so many images of each split', valueHint: 'N' },
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
    const checkpointSeconds = positiveInteger('--checkpoint-seconds', args['checkpoint-seconds']);
    const out = args.out ?? `${entry.name}-${kind}-P${asked}-s${args.seed ?? 0}`;
    const resume = await startingPoint(out, args.resume === true);
    const selection = await selectBackends(args.backend, 'here');
    const [provider] = selection.providers;
    provider.prepareTraining?.();
    await tf.setBackend(provider.name);

    const data = await loadTrainingData(args.data, entry.inputShape, limit);
    const recipe = recipeFrom(args, resume?.identity.recipe.normalization ?? (await normalizationOf(data)));
    const notices = noticeCollector();
    const options = { convKind: kind, part: asked, seed: recipe.seed, classes: data.classes.length };
    const model = entry.build({ ...options, onNotice: notices.onNotice });
    notices.flush();
    note(`${data.train.count} training images, ${data.test.count} test images, ${data.classes.length} classes`);

    const described = { model: entry.name, kind, part: asked, backend: provider.name, dataset: data.name };
    const result = await runTraining({
      model,
      title: `${entry.title}, ${kind}, P = ${asked}, on ${data.name}`,
      data,
      recipe,
      out,
      resume,
      checkpointSeconds,
      facts: {
        ...described,
        command: ['hetconv', ...process.argv.slice(2)],
        trainImages: data.train.count,
        testImages: data.test.count,
        environment: await describeEnvironment(selection),
      },
    });
    const { status, progress, last } = result;
    if (args.json) emitJson({ ...described, out: resolve(out), status, ...progress, last });
    else if (last !== undefined) print(`test accuracy ${percent(last.testAccuracy)} after epoch ${last.epoch}: ${out}`);
    if (status === 'interrupted') {
      const at = `epoch ${progress.epoch + 1}, ${progress.step} steps done`;
      throw new CheckFailedError(`stopped in ${at}. The same command with --resume goes on from there.`);
    }
  },
});
