/**
 * Trains in a process of its own, for tests that kill it or fill its disk: node train.ts FOLDER. Goes on where the folder's checkpoint
 * is, if there is one; a checkpoint after every step; a line on stdout for every step, and at the end a JSON document.
 */
import { join } from 'node:path';
import { weightDigest } from '@hetconv/layers';
import { trainModel } from '../../src/index.ts';
import { checkpointFolder, loadCheckpoint, openLog, sharedImages, workerLoader } from '../../src/node.ts';
import { smallData, smallModel, smallRecipe, splits, useWasm } from '../support/training.ts';

const [folder] = process.argv.slice(2);
await useWasm();
const checkpoint = await loadCheckpoint(folder);
const recipe = smallRecipe({ epochs: 3 });
const images = await splits();
const loader = workerLoader({ train: sharedImages(images.train), test: sharedImages(images.test), recipe });
const model = smallModel();
let error: string | undefined;
try {
  await trainModel({
    model,
    data: await smallData(),
    recipe,
    loader,
    log: await openLog(join(folder, 'log.jsonl'), checkpoint?.progress.logBytes ?? 0),
    checkpoints: checkpointFolder(folder),
    checkpointSeconds: 0,
    ...(checkpoint === undefined ? {} : { resume: checkpoint }),
    onProgress: ({ stage, epoch, step }) => void process.stdout.write(`${stage} ${epoch} ${step}\n`),
  });
} catch (cause) {
  error = (cause as Error).message;
}
await loader.close();
const kept = await loadCheckpoint(folder);
const result = { from: checkpoint?.progress, kept: kept?.progress, digest: await weightDigest(model), error };
process.stdout.write(`${JSON.stringify(result)}\n`);
