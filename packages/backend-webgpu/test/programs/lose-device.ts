/** Run by the tests in a process of its own: destroys the device under a pending read and before another. */
import { HetConvError, hetConv2d } from '@hetconv/core';
import type { WebGPUBackend } from '@tensorflow/tfjs-backend-webgpu';
import * as tf from '@tensorflow/tfjs-core';
import { backend as provider } from '../../src/index.ts';

await provider.prepare();
await tf.setBackend('webgpu');
tf.env().set('WEBGPU_CPU_FORWARD', false);

const options = { part: 2, kernelSize: 3, pad: 'same' } as const;
const call = (): tf.Tensor4D => hetConv2d(tf.ones([1, 4, 4, 4]), tf.ones([1, 1, 4, 4]), tf.ones([8, 2, 4]), options);
const codeOf = async (y: tf.Tensor): Promise<string> => {
  try {
    await y.data();
    return 'read';
  } catch (error) {
    return error instanceof HetConvError ? error.code : String(error);
  }
};
const [first, second] = [call(), call()];
const pending = codeOf(first);
(tf.engine().findBackend('webgpu') as WebGPUBackend).device.destroy();
process.stdout.write(JSON.stringify({ pending: await pending, later: await codeOf(second) }));
