/**
 * Every network at its native size on the wasm backend: a prediction and a training step, with the time that each took. What the
 * tests leave out for its weight. `node tools/native-size.ts [--kind K] [--part P] [--no-step] [MODEL..]`
 */
import { parseArgs } from 'node:util';
import { backend, registerConv2D, registerTrainingKernels } from '@hetconv/backend-wasm';
import { createRandom } from '@hetconv/core';
import { checkConvKind, type Part } from '@hetconv/layers';
import '@tensorflow/tfjs-backend-cpu';
import * as tf from '@tensorflow/tfjs-core';
import type { LayersModel } from '@tensorflow/tfjs-layers';
import { type ClassificationModel, classificationModel, classificationModels } from '../src/index.ts';

const { values, positionals } = parseArgs({
  allowPositionals: true,
  allowNegative: true,
  options: {
    kind: { type: 'string', default: 'hetconv' },
    part: { type: 'string', default: '4' },
    step: { type: 'boolean', default: true },
  },
});
const convKind = checkConvKind('native-size', values.kind);
const part: Part = values.part === 'channels' ? 'channels' : Number(values.part);
const models = positionals.length === 0 ? classificationModels : positionals.map(classificationModel);

const availability = await backend.prepare();
if (!availability.available) throw new Error(availability.reason);
registerTrainingKernels();
registerConv2D();
await tf.setBackend('wasm');

process.stdout.write(`| ${convKind}, P = ${part} | build, ms | first prediction | next | training step | MB |\n`);
process.stdout.write('| --- | --- | --- | --- | --- | --- |\n');
for (const entry of models) {
  const cells = await measure(entry);
  process.stdout.write(`| \`${entry.name}\` | ${cells.map((cell) => cell?.toFixed(0) ?? 'not run').join(' | ')} |\n`);
}

/** Times in milliseconds, then the memory of the process. */
async function measure(entry: ClassificationModel): Promise<(number | undefined)[]> {
  const before = tf.memory().numTensors;
  const started = performance.now();
  const model = entry.build({ convKind, part });
  const build = performance.now() - started;
  const x = image(entry);
  const times = [
    build,
    predict(model, x),
    predict(model, x),
    values.step ? await step(model, x, entry.classes) : undefined,
  ];
  const megabytes = process.memoryUsage().rss / 1e6;
  model.dispose();
  x.dispose();
  if (tf.memory().numTensors !== before) throw new Error(`${entry.name} left tensors behind.`);
  return [...times, megabytes];
}

function image({ inputShape }: ClassificationModel): tf.Tensor4D {
  const random = createRandom('image');
  const shape: [number, number, number, number] = [1, ...inputShape];
  return tf.tensor4d(
    Float32Array.from({ length: tf.util.sizeFromShape(shape) }, () => random.uniform()),
    shape,
  );
}

function predict(model: LayersModel, x: tf.Tensor4D): number {
  const started = performance.now();
  const y = model.predict(x) as tf.Tensor;
  requireFinite(model, y.dataSync());
  y.dispose();
  return performance.now() - started;
}

async function step(model: LayersModel, x: tf.Tensor4D, classes: number): Promise<number> {
  const optimizer = tf.train.sgd(0.01);
  model.compile({ optimizer, loss: 'categoricalCrossentropy' });
  const labels = tf.tidy(() => tf.oneHot(tf.tensor1d([1], 'int32'), classes));
  const started = performance.now();
  requireFinite(model, [(await model.trainOnBatch(x, labels)) as number]);
  const elapsed = performance.now() - started;
  labels.dispose();
  optimizer.dispose();
  return elapsed;
}

function requireFinite(model: LayersModel, numbers: Iterable<number>): void {
  for (const value of numbers) if (!Number.isFinite(value)) throw new Error(`${model.name} computed ${value}.`);
}
