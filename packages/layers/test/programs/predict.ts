/** A process of its own: loads a model from the folder it is given, predicts on fixed inputs, prints the bits. */
import { backend } from '@hetconv/backend-cpu';
import { fileSystem } from '@hetconv/layers/node';
import * as tf from '@tensorflow/tfjs-core';
import { loadLayersModel } from '@tensorflow/tfjs-layers';
import { uniform } from '../backend.ts';

await backend.prepare();
await tf.setBackend('cpu');
const model = await loadLayersModel(fileSystem(process.argv[2]));
const y = model.predict(uniform([2, ...(model.inputs[0].shape.slice(1) as number[])], 'predict')) as tf.Tensor;
process.stdout.write(JSON.stringify([...new Uint32Array((await y.data()).buffer)]));
