/**
 * One command for a machine with a GPU: the layer table and the first run of a network, through Dawn in Node, into
 * `reports/webgpu-<adapter>.json`.
 *
 *     node packages/backend-webgpu/tools/measure.ts [--software] [--batches 8,32] [--layers 56x64x64,..] [--parts 1,4,M]
 *       [--tuning gpu|software] [--peak-gflops F --peak-gbs B] [--out FILE]
 *
 * WebGPU does not tell a device's peak: give float32 GFLOP/s and GB/s of its data sheet to get the shares.
 */
import { mkdir, rename, writeFile } from 'node:fs/promises';
import { dirname } from 'node:path';
import { parseArgs } from 'node:util';
import { registerHetConvKernels, unregisterHetConvKernels } from '@hetconv/core';
import type { WebGPUBackend } from '@tensorflow/tfjs-backend-webgpu';
import * as tf from '@tensorflow/tfjs-core';
import { backend as provider, createWebgpuKernels, type Tuning } from '../src/index.ts';
import { startDawn } from '../src/node.ts';
import { firstRuns } from './first-run.ts';
import { layerTable, type TableRow } from './layer-table.ts';

const { values } = parseArgs({
  options: {
    software: { type: 'boolean', default: false },
    batches: { type: 'string', default: '8,32' },
    layers: { type: 'string', default: '56x64x64,16x256x256,8x512x512,112x64x64,28x256x256' },
    parts: { type: 'string', default: '1,2,4,8,64,M' },
    tuning: { type: 'string', default: 'auto' },
    'peak-gflops': { type: 'string' },
    'peak-gbs': { type: 'string' },
    'first-run': { type: 'boolean', default: true },
    out: { type: 'string' },
  },
  allowNegative: true,
});

const adapter = await startDawn({ allowSoftware: values.software });
const availability = await provider.prepare();
if (!availability.available) throw new Error(availability.reason);
if (values.tuning !== 'auto') {
  unregisterHetConvKernels('webgpu');
  registerHetConvKernels('webgpu', createWebgpuKernels(values.tuning as Tuning));
}
tf.enableProdMode();
await tf.setBackend('webgpu');
tf.env().set('WEBGPU_CPU_FORWARD', false);
const backend = tf.backend() as WebGPUBackend;
const errors: string[] = [];
backend.device.addEventListener('uncapturederror', ({ error }) => errors.push(error.message));

const say = (line: string): void => void process.stderr.write(`${line}\n`);
say(`${adapter.description || adapter.architecture}${adapter.isSoftware ? ' (software: says little of a GPU)' : ''}`);
const share = (value: number, peak: string | undefined): number | null =>
  peak === undefined ? null : value / Number(peak);
const rows: (TableRow & { peakShare: number | null; bandwidthShare: number | null })[] = [];
for (const batch of values.batches.split(',').map(Number)) {
  for (const layer of values.layers.split(',')) {
    const [size, inChannels, outChannels] = layer.split('x').map(Number);
    const wanted = values.parts.split(',').map((part) => (part === 'M' ? inChannels : Number(part)));
    const parts = [...new Set(wanted)].filter((part) => part <= inChannels);
    for (const row of await layerTable([size, inChannels, outChannels], batch, parts)) {
      rows.push({
        ...row,
        peakShare: share(row.gflops, values['peak-gflops']),
        bandwidthShare: share(row.gigabytesPerSecond, values['peak-gbs']),
      });
      say(
        `batch ${batch}  ${layer}  P=${row.part}  ${row.medianMs.toFixed(3)} ms  x${row.speedup.toFixed(2)} ` +
          `[${row.speedupLow.toFixed(2)}, ${row.speedupHigh.toFixed(2)}] of MAC ratio ${row.macRatio.toFixed(2)}  ` +
          `${row.gflops.toFixed(1)} GFLOP/s  over depthwise + 1x1 x${(row.depthwisePointwiseMedianMs / row.medianMs).toFixed(2)}`,
      );
    }
  }
}
const networks = values['first-run'] ? await firstRuns(backend, 4) : [];
for (const { network, firstMs, nextMs, pipelines } of networks) {
  say(`${network}: first run ${firstMs.toFixed(0)} ms, then ${nextMs.toFixed(1)} ms, ${pipelines} pipelines`);
}
const name = (adapter.description || adapter.architecture).toLowerCase().replaceAll(/[^a-z0-9]+/g, '-');
const file = values.out ?? `reports/webgpu-${name}.json`;
await mkdir(dirname(file), { recursive: true });
await writeFile(
  `${file}.part`,
  `${JSON.stringify({ adapter, node: process.version, rows, networks, errors }, null, 2)}\n`,
);
await rename(`${file}.part`, file);
say(file);
if (errors.length > 0) throw new Error(`The device reported ${errors.length} errors; the first: ${errors[0]}`);
