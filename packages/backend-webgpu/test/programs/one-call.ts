/** Run by the tests in a process of its own: Dawn, tfjs and a HetConv, then nothing that would keep the process alive. */
import * as tf from '@tensorflow/tfjs-core';
import { hetConv2d } from '@hetconv/core';
import { startDawn } from '../../src/node.ts';

await startDawn();
await import('@tensorflow/tfjs-backend-webgpu');
await import('../../src/register.ts');
await tf.setBackend('webgpu');
const x = tf.ones<tf.Rank.R4>([1, 2, 2, 3]);
const weights: [tf.Tensor4D, tf.Tensor3D] = [tf.ones([1, 1, 3, 1]), tf.ones([0, 1, 1])];
const y = hetConv2d(x, ...weights, { part: 3, kernelSize: 1, pad: 'same' });
process.stdout.write(JSON.stringify({ backend: tf.getBackend(), y: [...(await y.data())] }));
