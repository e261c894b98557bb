/** `hetconv predict`: what a network sees on pictures. */
import { existsSync } from 'node:fs';
import { CIFAR10_CLASSES, FASHION_MNIST_CLASSES } from '@hetconv/datasets';
import type { ConvKind } from '@hetconv/layers';
import { softmax, type Tensor, type Tensor2D, tidy } from '@tensorflow/tfjs-core';
import * as tf from '@tensorflow/tfjs-core';
import type { LayersModel } from '@tensorflow/tfjs-layers';
import { defineCommand } from 'citty';
import { selectBackends } from '../backends/select.ts';
import { inputShapeOf, loadPictures } from '../images/load.ts';
import { oneOf, part, positiveInteger } from '../output/choices.ts';
import { emitJson, note, print } from '../output/emit.ts';
import { UsageError } from '../output/failure.ts';
import type { Weights } from '../training/load-weights.ts';
import { findPretrained } from '../training/pretrained.ts';
import { resolveWeights, WEIGHTS_HELP } from '../training/resolve-weights.ts';
import { findKind, findModel, modelArguments, noticeCollector } from './model-arguments.ts';

const LABELS = { cifar10: CIFAR10_CLASSES, 'fashion-mnist': FASHION_MNIST_CLASSES } as const;
type LabelSet = keyof typeof LABELS;

/** What is asked for by name, kind and P. */
interface Network {
  readonly model: string;
  readonly kind: ConvKind;
  readonly part: number | 'channels';
}

interface Prediction {
  readonly label: string;
  readonly probability: number;
}

export const predictCommand = defineCommand({
  meta: { name: 'predict', description: 'Classify PNG and JPEG pictures: hetconv predict MODEL IMAGE..' },
  args: {
    ...modelArguments,
    image: { type: 'positional', description: 'Picture files', required: true },
    part: { type: 'string', description: "P, or 'channels'", default: '4', valueHint: 'P|channels' },
    weights: { type: 'string', description: `${WEIGHTS_HELP} [pretrained, where there are]`, valueHint: 'W' },
    labels: {
      type: 'string',
      description: `Names of the classes: ${Object.keys(LABELS).join(', ')} [those of the training, else cifar10]`,
    },
    top: { type: 'string', description: 'Classes shown', default: '3', valueHint: 'N' },
    backend: { type: 'string', description: 'Backend', default: 'cpu', valueHint: 'B' },
    json: { type: 'boolean', description: 'One JSON document on stdout' },
  },
  async run({ args }) {
    const entry = findModel(args.model);
    const network = { model: entry.name, kind: findKind(args.kind), part: part('--part', args.part, 'M') };
    const asked =
      args.labels === undefined ? undefined : LABELS[oneOf('--labels', args.labels, Object.keys(LABELS) as LabelSet[])];
    const top = positiveInteger('--top', args.top);
    const files = args._.slice(1);
    const missing = files.find((file) => !existsSync(file));
    if (missing !== undefined) throw new UsageError(`IMAGE: there is no file '${missing}'.`);
    const {
      providers: [provider],
    } = await selectBackends(args.backend, 'here');
    await tf.setBackend(provider.name);

    const { model, source, stamp } = await weightsFor(args.weights, network);
    const labels = asked ?? stamp?.classNames ?? LABELS.cifar10;
    const input = inputShapeOf(model);
    const images = await loadPictures(files, input, stamp);
    const probabilities = await predict(model, images);
    const predictions = files.map((file, i) => ({ file, top: best(probabilities[i], labels, top) }));
    if (args.json) emitJson({ model: entry.name, weights: source, backend: provider.name, images: predictions });
    else for (const { file, top: classes } of predictions) print(`${file}: ${classes.map(describe).join(', ')}`);
  },
});

/** Those that are asked for; else pretrained ones; else none, which is said. */
async function weightsFor(asked: string | undefined, network: Network): Promise<Weights> {
  if (asked !== undefined || findPretrained(network).length > 0) return resolveWeights(asked ?? 'pretrained', network);
  note('note: there are no pretrained weights of this network: it is untrained and its labels mean nothing.');
  const { model, kind, part: p } = network;
  const notices = noticeCollector();
  const built = findModel(model).build({ convKind: kind, part: p, onNotice: notices.onNotice });
  notices.flush();
  return { model: built, source: 'untrained (seed 0)', stamp: undefined };
}

async function predict(model: LayersModel, images: Tensor): Promise<number[][]> {
  const probabilities = tidy(() => {
    const output = model.predict(images) as Tensor2D;
    return endsInSoftmax(model) ? output : softmax(output);
  });
  return await probabilities.array();
}

function endsInSoftmax(model: LayersModel): boolean {
  return model.layers[model.layers.length - 1].getConfig().activation === 'softmax';
}

function best(probabilities: readonly number[], labels: readonly string[], count: number): Prediction[] {
  return probabilities
    .map((probability, i) => ({ label: labels[i] ?? `class ${i}`, probability }))
    .toSorted((a, b) => b.probability - a.probability)
    .slice(0, count);
}

function describe({ label, probability }: Prediction): string {
  return `${label} ${(100 * probability).toFixed(1)} %`;
}
