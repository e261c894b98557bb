/**
 * Where a training step spends its time: node bench/step.ts [MODEL] [KIND] [PART] [BATCH] [STEPS] [BACKEND]
 *
 * By kernel, and whether that is one of this repository or of tfjs; so for backends whose kernels run synchronously, wasm and cpu.
 * The optimiser and the data are timed apart.
 */
import { backend as cpu } from '@hetconv/backend-cpu';
import { backend as wasm } from '@hetconv/backend-wasm';
import { createRandom } from '@hetconv/core';
import { checkConvKind, fuseBatchNormalization } from '@hetconv/layers';
import { classificationModel } from '@hetconv/zoo-classification';
import * as tf from '@tensorflow/tfjs-core';
import '@tensorflow/tfjs-backend-cpu';
import '@tensorflow/tfjs-backend-wasm';
import { createBatchMaker } from '../src/data/batches.ts';
import { memorySource } from '../src/data/source.ts';
import { crossEntropy, smoothedTargets } from '../src/loop/cross-entropy.ts';
import { classifierOf } from '../src/loop/head.ts';
import { createOptimizer, parametersOf } from '../src/optimize/create.ts';
import { DEFAULT_RECIPE } from '../src/recipe/recipe.ts';
import { registeredKernels, timeKernels } from './kernel-times.ts';

const [name = 'resnet20-cifar', kind = 'hetconv', p = '4', size = '128', steps = '5', backend = 'wasm'] =
  process.argv.slice(2);
const providers = { cpu, wasm };
if (!(backend in providers))
  throw new Error(`BACKEND: '${backend}'; accepted are ${Object.keys(providers).join(', ')}`);
const provider = providers[backend as keyof typeof providers];
const stock = registeredKernels(provider.name);
await provider.prepare();
provider.prepareTraining?.();
tf.enableProdMode();
await tf.setBackend(provider.name);
const registered = registeredKernels(provider.name);
const isOurs = (kernel: string): boolean => registered.get(kernel) !== stock.get(kernel);
const kernelTimes = timeKernels(provider.name);

const batch = Number(size);
const model = classificationModel(name).build({
  convKind: checkConvKind('step', kind),
  part: p === 'channels' ? p : Number(p),
});
const random = createRandom('step');
const count = 2 * batch;
const source = memorySource({
  count,
  height: 32,
  width: 32,
  channels: 3,
  pixels: Uint8Array.from({ length: count * 3072 }, () => random.integer(0, 255)),
  labels: Uint8Array.from({ length: count }, () => random.integer(0, 9)),
});
const recipe = { ...DEFAULT_RECIPE, batch, normalization: { mean: [0.5, 0.5, 0.5], std: [0.25, 0.25, 0.25] } };
const make = createBatchMaker({ train: source, test: source }, recipe);
const { network, classes } = classifierOf('step', model, 10);
fuseBatchNormalization(model);
const parameters = parametersOf(model);
const optimizer = createOptimizer(parameters, recipe);
const variables = parameters.map(({ variable }) => variable);

const totals = { data: 0, forwardBackward: 0, optimizer: 0 };
const timed = <T>(what: keyof typeof totals, work: () => T): T => {
  const start = performance.now();
  const result = work();
  totals[what] += performance.now() - start;
  return result;
};
let started = process.cpuUsage();
for (let step = 0; step <= Number(steps); step++) {
  if (step === 1) {
    kernelTimes.clear(); // the first step compiles
    Object.assign(totals, { data: 0, forwardBackward: 0, optimizer: 0 });
    started = process.cpuUsage();
  }
  const before = performance.now();
  const { pixels, labels } = await make({ split: 'train', epoch: 0, step: step % 2 });
  totals.data += performance.now() - before;
  tf.tidy(() => {
    const x = tf.tensor4d(pixels, [batch, 32, 32, 3]);
    const targets = smoothedTargets(labels, classes, 0);
    const { grads } = timed('forwardBackward', () =>
      tf.variableGrads(() => crossEntropy(network.apply(x, { training: true }) as tf.Tensor2D, targets), variables),
    );
    timed('optimizer', () =>
      optimizer.apply(
        variables.map((variable) => grads[variable.name]),
        { learningRate: 0.01, step },
      ),
    );
  });
}
const { user, system } = process.cpuUsage(started);
const images = batch * Number(steps);
const whole = totals.data + totals.forwardBackward + totals.optimizer;
const percent = (ms: number): string => `${((100 * ms) / whole).toFixed(1).padStart(6)} %`;
const print = (label: string, ms: number): void =>
  void process.stdout.write(`${label.padEnd(44)} ${(ms / images).toFixed(3).padStart(8)} ms an image ${percent(ms)}\n`);
process.stdout.write(`${name}, ${kind}, P = ${p}, batch ${batch}, ${provider.name}\n`);
for (const [what, ms] of Object.entries(totals)) print(what, ms);
// Where others use the machine too, processor time is closer to the truth than what the clock says.
print('processor time', (user + system) / 1000);
const kernels = kernelTimes.all();
const sum = (chosen: typeof kernels): number => chosen.reduce((total, { milliseconds }) => total + milliseconds, 0);
for (const { kernel, milliseconds } of kernels.slice(0, 16))
  print(`  ${kernel}${isOurs(kernel) ? '' : ' (tfjs)'}`, milliseconds);
print('  kernels of this repository', sum(kernels.filter(({ kernel }) => isOurs(kernel))));
print('  kernels of tfjs', sum(kernels.filter(({ kernel }) => !isOurs(kernel))));
print('  between kernels', whole - totals.data - sum(kernels));
