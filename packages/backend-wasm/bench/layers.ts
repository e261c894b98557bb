/**
 * Layers of VGG and ResNet shapes against `tf.fused.conv2d` of the same backend, in one process: node bench/layers.ts [simd|relaxedsimd] [filter]
 * Columns: MAC ratio, speed-up with its 95 % interval, speed-up over MAC ratio and whether that is what we ask of ourselves, GFLOP/s.
 */
import { benchLayers, describeLayer, type LayerRequest, type LayerRow } from '@hetconv/bench';
import { type BackendProvider, registerHetConvKernels } from '@hetconv/core';
import '@tensorflow/tfjs-backend-wasm';
import * as tf from '@tensorflow/tfjs-core';
import { createWasmKernels, detectInstructionSet } from '../src/index.ts';

const [set = 'relaxedsimd', filter = ''] = process.argv.slice(2);
if (set !== 'simd' && set !== 'relaxedsimd') throw new Error(`no instruction set ${set}`);
await tf.setBackend('wasm');
const kernels = createWasmKernels(set);
registerHetConvKernels('wasm', kernels);
const provider: BackendProvider = {
  name: 'wasm',
  prepare: async () => ({ available: true }),
  kernels: () => kernels,
};

function layer(size: number, inChannels: number, out: number, stride: number, parts: readonly number[]): LayerRequest {
  return { height: size, width: size, in: inChannels, out, kernel: 3, stride, batch: 1, parts };
}

const PARTS = [1, 2, 4, 8, 16, 64];
const MAIN = [
  [56, 64, 64],
  [32, 64, 64],
  [16, 128, 128],
  [16, 256, 256],
  [8, 512, 512],
  [7, 512, 512],
] as const;
const requests = [
  ...MAIN.map(([size, M, N]) => layer(size, M, N, 1, [...new Set([...PARTS, M])])),
  ...MAIN.map(([size, M, N]) => layer(size, M, N, 2, [2, 4, 8])),
  layer(16, 16, 16, 1, [2, 4, 8]),
  layer(32, 32, 32, 1, [2, 4, 8]),
].filter((request) => describeLayer(request).includes(filter));

/** Speed-up over MAC ratio that we ask of ourselves: of strided and narrow layers what the multiplication count promises. */
function leastShare({ stride, in: inChannels }: LayerRow): number {
  if (stride > 1 || inChannels < 64) return 1;
  return set === 'simd' ? 1.15 : 1.25;
}

const print = (line: string): void => void process.stdout.write(`${line}\n`);
print(`node ${process.version}, ${set} (engine: ${detectInstructionSet()})`);
for (const row of await benchLayers([provider], requests)) {
  const { macRatio, speedup, speedupLow, speedupHigh, medianMs, gflops } = row;
  const share = speedup / macRatio;
  const denseGflops = (gflops * macRatio * medianMs) / row.denseMedianMs;
  const pair = row.part === row.in ? `  dw+pw/het ${(row.depthwisePointwiseMedianMs / medianMs).toFixed(2)}` : '';
  print(
    `${`${describeLayer(row)} P${row.part}`.padEnd(36)} MAC ${macRatio.toFixed(2)}  ` +
      `speed-up ${speedup.toFixed(2)} (${speedupLow.toFixed(2)}-${speedupHigh.toFixed(2)})  ` +
      `x${share.toFixed(2)} ${share >= leastShare(row) ? 'ok  ' : 'LOW '} ` +
      `het ${medianMs.toFixed(3)} ms ${gflops.toFixed(1)} GF, dense ${denseGflops.toFixed(1)} GF${pair}`,
  );
}
