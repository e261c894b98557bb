/** What sanitize.ts runs: see there. */
import { type Family, runConformance } from '@hetconv/conformance';
import { HetConv2D } from '@hetconv/layers';
import * as tf from '@tensorflow/tfjs-core';
import { layers, sequential } from '@tensorflow/tfjs-layers';
import { backend } from '../src/index.ts';

const families = process.argv.slice(2) as Family[];
const options = families.length > 0 ? { families } : {};
const report = await runConformance({ providers: [backend], ...options });
const { passed, failed } = report.backends.cuda;
process.stdout.write(`conformance: ${passed} passed, ${failed} failed\n`);

await tf.setBackend('cuda');
tf.env().set('CUDA_STRICT', true);
const net = sequential({
  layers: [
    layers.conv2d({ inputShape: [9, 7, 3], filters: 10, kernelSize: 3, padding: 'same', activation: 'relu' }),
    layers.batchNormalization(),
    new HetConv2D({ filters: 13, kernelSize: 3, part: 3, strides: 2, padding: 'same' }),
    layers.depthwiseConv2d({ kernelSize: 3, padding: 'same' }),
    layers.maxPooling2d({ poolSize: 2, padding: 'same' }),
    layers.averagePooling2d({ poolSize: 2, strides: 1, padding: 'same' }),
    layers.flatten(),
    layers.dropout({ rate: 0.3 }),
    layers.dense({ units: 5, activation: 'softmax' }),
  ],
});
net.compile({ optimizer: tf.train.adam(0.01), loss: 'categoricalCrossentropy', metrics: ['accuracy'] });
const ys = tf.oneHot(tf.tensor1d([0, 1, 4], 'int32'), 5, 1, 0, 'float32');
const { history } = await net.fit(tf.ones([3, 9, 7, 3]), ys, { epochs: 2, batchSize: 2 });
process.stdout.write(`training: loss ${history.loss.map(Number).join(', ')}\n`);

process.exitCode = report.ok ? 0 : 1;
