/**
 * A training step of the zoo's networks, and where its time goes: kernel by kernel, and outside the kernels (tfjs's engine, the
 * tape, the optimiser's JavaScript). node bench/training.ts [model] [kind] [part] [batch] [steps] [stock]
 *
 * `stock`: convolutions and Tile by our kernels, everything around them as tfjs does it; the comparison.
 */
import * as tf from '@tensorflow/tfjs-core';
import type { BackendWasm } from '@tensorflow/tfjs-backend-wasm';
import { createRandom } from '@hetconv/core';
import { checkConvKind, fuseBatchNormalization } from '@hetconv/layers';
import { classificationModel } from '@hetconv/zoo-classification';
import { type LayersModel, model } from '@tensorflow/tfjs-layers';
import { runtimeOf } from '../src/host/runtime.ts';
import * as hetconv from '../src/index.ts';
import { registerTile } from '../src/standard/tile.ts';
import { registerGradientKernels } from '../src/standard/training.ts';
import { timeKernels } from './kernel-times.ts';

await import('@tensorflow/tfjs-backend-wasm');
const [name = 'resnet20-cifar', kindName = 'hetconv', part = '4', batch = '32', steps = '20', mode = 'ours'] =
  process.argv.slice(2);
const convKind = checkConvKind('bench/training', kindName);
hetconv.register();
if (mode === 'stock') {
  registerGradientKernels('relaxedsimd');
  registerTile();
} else {
  hetconv.registerTrainingKernels();
}
hetconv.registerConv2D();
hetconv.registerBatchNormalization();
await tf.setBackend('wasm');

const network = classificationModel(name).build({ convKind, part: Number(part), seed: 1 });
if (mode !== 'stock') fuseBatchNormalization(network);
const images = Number(batch);
const random = createRandom('training');
const x = tf.tensor4d(
  Float32Array.from({ length: images * 32 * 32 * 3 }, () => random.uniform()),
  [images, 32, 32, 3],
);
const labels = tf.oneHot(
  tf.tensor1d(
    Array.from({ length: images }, () => random.integer(0, 9)),
    'int32',
  ),
  10,
);
const step = makeStep(network);
const times = timeKernels('wasm');
const [walls, cpus]: [number[], number[]] = [[], []];
for (let i = 0; i < 12; i++) step(); // past V8's baseline compilers
const { memory } = runtimeOf(tf.backend() as BackendWasm).host;
const heap = (): string => (memory.buffer.byteLength / 2 ** 20).toFixed(0);
const warm = heap();
for (let i = 0; i < Number(steps); i++) {
  const [start, before] = [performance.now(), process.threadCpuUsage()];
  times.step(step);
  walls.push(performance.now() - start);
  const { user, system } = process.threadCpuUsage(before);
  cpus.push((user + system) / 1000);
}

const print = (line: string): void => void process.stdout.write(`${line}\n`);
// The quietest step: other processes share the machine.
const total = Math.min(...walls);
const row = (label: string, milliseconds: number, calls = ''): string => {
  const [time, share] = [milliseconds / images, (100 * milliseconds) / total];
  return `${label.padEnd(28)} ${time.toFixed(3)} ms ${share.toFixed(1).padStart(5)} % ${calls}`;
};
const [wall, cpu] = [total, Math.min(...cpus)].map((milliseconds) => (milliseconds / images).toFixed(2));
print(`${name} ${convKind} P = ${part}, batch ${batch}: ${wall} ms an image, ${cpu} ms of this thread's CPU time`);
let outside = total;
for (const [kernel, { milliseconds, calls }] of times.byTime(walls.indexOf(total))) {
  outside -= milliseconds;
  if (milliseconds > 0.005 * total) print(row(kernel, milliseconds, `${calls.toFixed(0).padStart(5)} calls`));
}
print(row('outside the kernels', outside));
print(`heap ${warm} MiB after the first steps, ${heap()} MiB at the end; ${tf.memory().numTensors} tensors`);

/** Forward in training mode, softmax cross entropy of the logits, gradients, SGD with momentum 0.9 and weight decay. */
function makeStep(net: LayersModel): () => number {
  const logitsOf = net.getLayer('logits');
  const trainable = net.trainableWeights.map((weight) => weight.read() as tf.Variable);
  const velocities = trainable.map((variable) => tf.variable(tf.zerosLike(variable), false));
  const head = model({ inputs: net.inputs, outputs: logitsOf.output });
  return () =>
    tf.tidy(() => {
      const { value, grads } = tf.variableGrads(() => {
        const logits = head.apply(x, { training: true }) as tf.Tensor;
        return tf.losses.softmaxCrossEntropy(labels, logits);
      }, trainable);
      for (const [i, variable] of trainable.entries()) {
        const decayed = tf.add(grads[variable.name], tf.mul(variable, 5e-4));
        velocities[i].assign(tf.add(tf.mul(velocities[i], 0.9), decayed));
        variable.assign(tf.sub(variable, tf.mul(velocities[i], 0.01)));
      }
      return value.dataSync()[0];
    });
}
