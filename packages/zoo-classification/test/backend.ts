/** Backends with their HetConv kernels, and small helpers, for every test of this package. */
import { backend as cpu } from '@hetconv/backend-cpu';
import { backend as wasm, registerConv2D, registerTrainingKernels } from '@hetconv/backend-wasm';
import { createRandom } from '@hetconv/core';
import '@tensorflow/tfjs-backend-cpu';
import * as tf from '@tensorflow/tfjs-core';
import { loadLayersModel, type LayersModel } from '@tensorflow/tfjs-layers';

export async function useCpu(): Promise<void> {
  const availability = await cpu.prepare();
  if (!availability.available) throw new Error(availability.reason);
  await tf.setBackend('cpu');
}

/** For networks of native size. */
export async function useWasm(): Promise<void> {
  const availability = await wasm.prepare();
  if (!availability.available) throw new Error(availability.reason);
  registerTrainingKernels();
  registerConv2D();
  await tf.setBackend('wasm');
}

/** Seeded pixels in [0, 1). */
export function images(count: number, size: number, seed: string): tf.Tensor4D {
  const random = createRandom(seed);
  const pixels = Float32Array.from({ length: count * size * size * 3 }, () => random.uniform());
  return tf.tensor4d(pixels, [count, size, size, 3]);
}

/** One-hot rows. */
export function labels(indices: number[], classes: number): tf.Tensor2D {
  return tf.tidy(() => tf.oneHot(tf.tensor1d(indices, 'int32'), classes) as tf.Tensor2D);
}

/** Saved and loaded again, through the artifacts that a file or a server would hold. */
export async function reload(model: LayersModel): Promise<LayersModel> {
  let artifacts: tf.io.ModelArtifacts | undefined;
  await model.save(
    tf.io.withSaveHandler(async (saved) => {
      artifacts = saved;
      return { modelArtifactsInfo: tf.io.getModelArtifactsInfoForJSON(saved) };
    }),
  );
  return loadLayersModel(tf.io.fromMemory(structuredClone(artifacts) as tf.io.ModelArtifacts));
}
