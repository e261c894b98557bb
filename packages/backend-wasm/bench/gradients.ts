/**
 * The four kernels of the layers of VGG-16-CIFAR in a training step: node bench/gradients.ts [part] [batch] [simd|relaxedsimd]
 * GFLOP/s count the products of the definition that read inside the image.
 */
import * as tf from '@tensorflow/tfjs-core';
import type { BackendWasm } from '@tensorflow/tfjs-backend-wasm';
import {
  connectionCount,
  createRandom,
  planHetConv,
  ringTaps,
  spatialShape,
  tapRange,
  type HetConvPlan,
  type Tap,
} from '@hetconv/core';
import { type Contender, interleave, median } from '@hetconv/bench';
import { createWasmKernels } from '../src/index.ts';

await import('@tensorflow/tfjs-backend-wasm');
const [part = '4', batch = '64', set = 'relaxedsimd'] = process.argv.slice(2);
if (set !== 'simd' && set !== 'relaxedsimd') throw new Error(`no instruction set ${set}`);
await tf.setBackend('wasm');
const backend = tf.backend() as BackendWasm;
const kernels = createWasmKernels(set);

/** Size, M, N of the layers behind the first. */
const LAYERS = [
  [32, 64, 64],
  [16, 64, 128],
  [16, 128, 128],
  [8, 128, 256],
  [8, 256, 256],
  [4, 256, 512],
  [4, 512, 512],
  [2, 512, 512],
] as const;

const print = (line: string): void => void process.stdout.write(`${line}\n`);
const random = createRandom('bench');
const draw = (shape: number[]): tf.Tensor =>
  tf.tensor(
    Float32Array.from({ length: tf.util.sizeFromShape(shape) }, () => random.uniform() - 0.5),
    shape,
  );

/** Pixels at which a tap reads inside the image, over the batch. */
function pixels(plan: HetConvPlan, tap: Tap): number {
  const [top, bottom] = tapRange(
    plan.outHeight,
    plan.inHeight,
    plan.strideHeight,
    tap.row * plan.dilationHeight - plan.padTop,
  );
  const [left, right] = tapRange(
    plan.outWidth,
    plan.inWidth,
    plan.strideWidth,
    tap.col * plan.dilationWidth - plan.padLeft,
  );
  return plan.batch * (bottom - top) * (right - left);
}

print(`node ${process.version}, ${set}, P = ${part}, batch ${batch}; GFLOP/s (ms)`);
for (const [size, M, N] of LAYERS) {
  tf.engine().startScope();
  const plan = planHetConv({
    inputShape: [Number(batch), size, size, M],
    outChannels: N,
    part: Number(part),
    kernelSize: 3,
    pad: 'same',
  });
  const x = draw([plan.batch, size, size, M]);
  const dy = draw([plan.batch, size, size, N]);
  const [pointwise, spatial] = [draw([1, 1, M, N]), draw(spatialShape(plan))];
  const call = { backend, plan, x, dy, pointwise, spatial };
  const contender = (name: string, compute: () => tf.TensorInfo): Contender => ({
    name,
    run: async () => {
      backend.disposeData(compute().dataId);
    },
  });
  const times = await interleave(
    [
      contender('forward', () => kernels.forward({ ...call, activation: 'linear', leakyreluAlpha: 0 })),
      contender('inputGradient', () => kernels.inputGradient(call)),
      contender('pointwiseGradient', () => kernels.pointwiseGradient(call)),
      contender('spatialGradient', () => kernels.spatialGradient(call)),
    ],
    'gradients',
    { minRounds: 11, maxRounds: 11 },
  );
  const anchor = M * N * pixels(plan, { row: plan.anchorRow, col: plan.anchorCol });
  const ring = connectionCount(M, N, plan.part) * ringTaps(plan).reduce((sum, tap) => sum + pixels(plan, tap), 0);
  const macs: Record<string, number> = {
    forward: anchor + ring,
    inputGradient: anchor + ring,
    pointwiseGradient: anchor,
    spatialGradient: ring,
  };
  const figures = [...times].map(
    ([name, samples]) =>
      `${name} ${((2 * macs[name]) / median(samples) / 1e6).toFixed(1)} (${median(samples).toFixed(2)})`,
  );
  print(`${`${size},${M},${N}`.padEnd(12)} ${figures.join('  ')}`);
  tf.engine().endScope();
}
