/**
 * Layers of issue 3 against `tf.fused.conv2d` of the same backend, in one process: node bench/layers.ts [simd|relaxedsimd] [filter]
 * Columns: MAC ratio, speed-up (median of the rounds' ratios), speed-up over MAC ratio, GFLOP/s.
 */
import * as tf from '@tensorflow/tfjs-core';
import '@tensorflow/tfjs-backend-wasm';
import { createRandom, fused, planHetConv, registerHetConvKernels, spatialShape, weightCount } from '@hetconv/core';
import { createWasmKernels, detectInstructionSet } from '../src/index.ts';
import { interleave, median, ratio, spread } from './interleaved.ts';

const [set = 'relaxedsimd', filter = ''] = process.argv.slice(2);
if (set !== 'simd' && set !== 'relaxedsimd') throw new Error(`no instruction set ${set}`);
await tf.setBackend('wasm');
registerHetConvKernels('wasm', createWasmKernels(set));

interface Row {
  readonly size: number;
  readonly M: number;
  readonly N: number;
  readonly parts: readonly number[];
  readonly stride: number;
  /** speed-up over MAC ratio that the issue asks for */
  readonly bar: number;
}

const PARTS = [1, 2, 4, 8, 16, 64];
const bar = set === 'simd' ? 1.15 : 1.25;
const main = [
  [56, 64, 64],
  [32, 64, 64],
  [16, 128, 128],
  [16, 256, 256],
  [8, 512, 512],
  [7, 512, 512],
];
const rows: Row[] = [
  ...main.map(([size, M, N]) => ({ size, M, N, parts: [...new Set([...PARTS, M])], stride: 1, bar })),
  ...main.map(([size, M, N]) => ({ size, M, N, parts: [2, 4, 8], stride: 2, bar: 1 })),
  { size: 16, M: 16, N: 16, parts: [2, 4, 8], stride: 1, bar: 1 },
  { size: 32, M: 32, N: 32, parts: [2, 4, 8], stride: 1, bar: 1 },
];

const print = (line: string): void => void process.stdout.write(`${line}\n`);
const random = createRandom('bench');
const draw = <R extends tf.Rank = tf.Rank.R4>(shape: tf.ShapeMap[R]): tf.Tensor<R> =>
  tf.tensor<R>(
    Float32Array.from({ length: tf.util.sizeFromShape(shape) }, () => random.uniform() - 0.5),
    shape,
  );

print(`node ${process.version}, ${set} (engine: ${detectInstructionSet()})`);
for (const { size, M, N, parts, stride, bar: least } of rows) {
  for (const part of parts) {
    const label = `${size},${M},${N} s${stride} P${part}`;
    if (!label.includes(filter)) continue;
    tf.engine().startScope();
    const options = { part, kernelSize: 3, strides: stride, pad: 'same' } as const;
    const plan = planHetConv({ inputShape: [1, size, size, M], outChannels: N, ...options });
    const x = draw([1, size, size, M]);
    const dense = draw([3, 3, M, N]);
    const bias = draw<tf.Rank.R1>([N]);
    const pointwise = draw([1, 1, M, N]);
    const spatial = draw<tf.Rank.R3>(spatialShape(plan));
    const depthwise = draw([3, 3, M, 1]);
    const contenders: Record<string, () => void> = {
      dense: () =>
        tf.fused.conv2d({ x, filter: dense, strides: stride, pad: 'same', bias, activation: 'relu6' }).dispose(),
      het: () => fused.hetConv2d({ x, pointwise, spatial, bias, activation: 'relu6', ...options }).dispose(),
    };
    if (part === M) {
      contenders.separable = () => {
        const z = tf.depthwiseConv2d(x, depthwise, stride, 'same');
        tf.fused.conv2d({ x: z, filter: pointwise, strides: 1, pad: 'same', bias, activation: 'relu6' }).dispose();
        z.dispose();
      };
    }
    const times = interleave(contenders);
    const macs = plan.outHeight * plan.outWidth * weightCount(plan);
    const denseMacs = plan.outHeight * plan.outWidth * 9 * M * N;
    const speedup = ratio(times.dense, times.het);
    const macRatio = denseMacs / macs;
    const share = speedup / macRatio;
    const gflops = (2 * macs) / median(times.het) / 1e6;
    const denseGflops = (2 * denseMacs) / median(times.dense) / 1e6;
    const beside = times.separable === undefined ? '' : `  dw+pw/het ${ratio(times.separable, times.het).toFixed(2)}`;
    print(
      `${label.padEnd(20)} MAC ${macRatio.toFixed(2)}  speed-up ${speedup.toFixed(2)} ±${(100 * spread(times.het)).toFixed(0)}%  ` +
        `x${share.toFixed(2)} ${share >= least ? 'ok  ' : 'LOW '} het ${median(times.het).toFixed(3)} ms ${gflops.toFixed(1)} GF, dense ${denseGflops.toFixed(1)} GF${beside}`,
    );
    tf.engine().endScope();
  }
}
