/** A first prediction of VGG-16-CIFAR after start-up, compile included, and the pipelines that it made: HetConv beside its standard twin. */
import { vgg16Cifar } from '@hetconv/zoo-classification';
import type { WebGPUBackend } from '@tensorflow/tfjs-backend-webgpu';
import * as tf from '@tensorflow/tfjs-core';

export interface FirstRun {
  readonly network: string;
  readonly firstMs: number;
  /** The median of three further runs. */
  readonly nextMs: number;
  readonly pipelines: number;
}

/** Both networks; pipelines that the first one has made count as the second one's too if it needs them. */
export async function firstRuns(backend: WebGPUBackend, part: number): Promise<FirstRun[]> {
  return [
    await firstRun(backend, 'vgg16-cifar, standard', 'standard', part),
    await firstRun(backend, `vgg16-cifar, HetConv P=${part}`, 'hetconv', part),
  ];
}

async function firstRun(
  backend: WebGPUBackend,
  network: string,
  convKind: 'standard' | 'hetconv',
  part: number,
): Promise<FirstRun> {
  const model = vgg16Cifar({ convKind, part });
  const x = tf.zeros([1, 32, 32, 3]);
  const cache = (backend as unknown as { pipelineCache: Record<string, unknown> }).pipelineCache;
  for (const key of Object.keys(cache)) delete cache[key]; // as after a page load
  const times: number[] = [];
  for (let i = 0; i < 4; i++) {
    const start = performance.now();
    const y = model.predict(x) as tf.Tensor;
    await y.data();
    y.dispose();
    times.push(performance.now() - start);
  }
  model.dispose();
  x.dispose();
  const [firstMs, ...next] = times;
  return { network, firstMs, nextMs: next.toSorted((a, b) => a - b)[1], pipelines: Object.keys(cache).length };
}
