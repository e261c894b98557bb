/** `hetconv eval`: how many images of a labelled set a trained network gets right, on one backend or several. */
import type { BackendProvider } from '@hetconv/core';
import { percent } from '@hetconv/report';
import { evaluateModel, type Evaluation, type ImageSource, type Normalization } from '@hetconv/train';
import * as tf from '@tensorflow/tfjs-core';
import type { LayersModel } from '@tensorflow/tfjs-layers';
import { defineCommand } from 'citty';
import { selectBackends } from '../backends/select.ts';
import { inputShapeOf } from '../images/load.ts';
import { oneOf, part, positiveInteger } from '../output/choices.ts';
import { emitJson, note, print } from '../output/emit.ts';
import { createProgress } from '../output/progress.ts';
import { renderTable } from '../output/table.ts';
import { resolveWeights, WEIGHTS_HELP } from '../training/resolve-weights.ts';
import { datasetOf, EVAL_DATA_HELP, selectSplit, SPLITS } from '../training/select-split.ts';
import { findKind, findModel, modelArguments } from './model-arguments.ts';

/** The result of one backend. */
interface Row {
  readonly backend: string;
  readonly images: number;
  readonly correct: number;
  readonly accuracy: number;
  readonly loss: number;
  /** Images that this backend sorts into another class than the first one does. */
  readonly differing: number;
}

export const evalCommand = defineCommand({
  meta: { name: 'eval', description: 'Accuracy of a trained network: hetconv eval MODEL --weights W --data DATA' },
  args: {
    ...modelArguments,
    part: { type: 'string', description: "P, or 'channels'", default: '4', valueHint: 'P|channels' },
    weights: { type: 'string', description: WEIGHTS_HELP, required: true, valueHint: 'W' },
    data: { type: 'string', description: EVAL_DATA_HELP, required: true, valueHint: 'DATA' },
    split: {
      type: 'string',
      description: "Which images: test (of a folder of pictures, what 'train' sets apart), train, all",
      default: 'test',
    },
    backend: { type: 'string', description: 'Backend', default: 'wasm', valueHint: 'B' },
    backends: { type: 'string', description: 'Several, separated by commas, side by side', valueHint: 'B1,B2' },
    limit: { type: 'string', description: 'At most so many images', valueHint: 'N' },
    batch: { type: 'string', description: 'Images at a time', default: '128', valueHint: 'N' },
    json: { type: 'boolean', description: 'One JSON document on stdout' },
  },
  async run({ args }) {
    const entry = findModel(args.model);
    const batch = positiveInteger('--batch', args.batch);
    const limit = args.limit === undefined ? undefined : positiveInteger('--limit', args.limit);
    const split = oneOf('--split', args.split, SPLITS);
    const network = { model: entry.name, kind: findKind(args.kind), part: part('--part', args.part, 'M') };
    const { model, source, stamp } = await resolveWeights(args.weights, { ...network, dataset: datasetOf(args.data) });
    const shape = inputShapeOf(model);
    const data = await selectSplit(args.data, { split, shape, limit }, stamp);
    if (stamp === undefined)
      note('note: the weights do not say how pixels were normalised; taken as they are, 0 to 1.');
    const normalization = stamp?.normalization ?? plain(shape[2]);
    const { providers } = await selectBackends(args.backends ?? args.backend, 'here');
    const rows: Row[] = [];
    let first: Evaluation | undefined;
    const progress = createProgress();
    try {
      for (const provider of providers) {
        const work = evaluateOn(provider, { model, data: data.images, normalization, batch }, (loaded, total) =>
          progress.update(`${provider.name}: ${data.name}`, loaded, total),
        );
        const { predictions, ...figures } = await work;
        first ??= { ...figures, predictions };
        const reference = first.predictions;
        const differing = predictions.filter((label, i) => label !== reference[i]).length;
        rows.push({ backend: provider.name, ...figures, differing });
      }
    } finally {
      progress.stop();
    }
    const described = { model: entry.name, weights: source, dataset: data.name, split };
    if (args.json) emitJson(args.backends === undefined ? { ...described, ...rows[0] } : { ...described, rows });
    else printRows(rows);
  },
});

interface Work {
  readonly model: LayersModel;
  readonly data: ImageSource;
  readonly normalization: Normalization;
  readonly batch: number;
}

async function evaluateOn(
  provider: BackendProvider,
  work: Work,
  report: (loaded: number, total: number) => void,
): Promise<Evaluation> {
  provider.prepareTraining?.(); // the kernels that the training tested with: its figure comes out again, and sooner
  await tf.setBackend(provider.name);
  return evaluateModel({ ...work, onProgress: ({ loaded, total }) => report(loaded, total) });
}

function plain(channels: number): Normalization {
  return { mean: Array.from({ length: channels }, () => 0), std: Array.from({ length: channels }, () => 1) };
}

function printRows(rows: readonly Row[]): void {
  print(
    renderTable(rows, [
      { title: 'backend', align: 'left', cell: (row) => row.backend },
      { title: 'correct', cell: (row) => `${row.correct} of ${row.images}` },
      { title: 'accuracy', cell: (row) => percent(row.accuracy) },
      { title: 'loss', cell: (row) => row.loss.toFixed(4) },
      { title: 'other class than the first', cell: (row) => String(row.differing) },
    ]),
  );
}
