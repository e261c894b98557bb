/**
 * What a first call costs beyond a later one: compiling the kernel, the indirection table of the geometry, packing the weights.
 * node bench/first-call.ts
 */
import * as tf from '@tensorflow/tfjs-core';
import '@tensorflow/tfjs-backend-wasm';
import { median } from '@hetconv/bench';
import { fused, planHetConv, spatialShape } from '@hetconv/core';
import { register } from '../src/index.ts';

await tf.setBackend('wasm');
register();

const timed = (run: () => void): number => {
  const start = performance.now();
  run();
  return performance.now() - start;
};
const figure = (ms: number): string => `${ms.toFixed(3)} ms`;

for (const [size, M, N] of [
  [56, 64, 64],
  [16, 256, 256],
  [8, 512, 512],
]) {
  for (const part of [1, 4, 64]) {
    const call = (side: number, weights: { pointwise: tf.Tensor4D; spatial: tf.Tensor3D }): (() => void) => {
      const x: tf.Tensor4D = tf.randomUniform([1, side, side, M]);
      return () => fused.hetConv2d({ x, ...weights, part, kernelSize: 3, pad: 'same', activation: 'relu' }).dispose();
    };
    const shape = spatialShape(
      planHetConv({ inputShape: [1, size, size, M], outChannels: N, part, kernelSize: 3, pad: 'same' }),
    );
    const draw = (): { pointwise: tf.Tensor4D; spatial: tf.Tensor3D } => ({
      pointwise: tf.randomUniform([1, 1, M, N]),
      spatial: tf.randomUniform(shape),
    });
    const weights = draw();
    const steady = call(size, weights);
    const first = timed(steady);
    const later = median(Array.from({ length: 30 }, () => timed(steady)));
    const newWeights = median(Array.from({ length: 9 }, () => timed(call(size, draw())))) - later;
    // Another geometry of nearly the same size, the same weights: a new table, and weights packed for it are found.
    const sides = Array.from({ length: 5 }, (_, i) => size + 1 + i);
    const newTable = median(
      sides.map((side) => {
        const run = call(side, weights);
        const cold = timed(run);
        return cold - median(Array.from({ length: 9 }, () => timed(run)));
      }),
    );
    process.stdout.write(
      `${size},${M},${N} P=${part}: first ${figure(first)}, later ${figure(later)}; packing ${figure(newWeights)}, table ${figure(newTable)}, ` +
        `the rest of the first (compiling) ${figure(first - later - newWeights - newTable)}\n`,
    );
  }
}
