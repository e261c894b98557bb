/**
 * tf.layers' BatchNormalization with the training mode of `batchNormTraining`: one kernel forward and one for the gradient where the
 * backend has them. The layers stay what they are - class, weights, saved form, inference; only how they compute in training changes.
 */
import { batchNormTraining } from '@hetconv/core';
import { mul, sub, type Tensor, type Tensor1D, tidy } from '@tensorflow/tfjs-core';
import { type layers, LayersModel } from '@tensorflow/tfjs-layers';
import { oneTensor } from './convolution-layer.ts';

type Layer = layers.Layer;
type Weight = Layer['weights'][number];

/** What the layer saves of itself, and is read here. */
interface Config {
  readonly axis: number;
  readonly momentum: number;
  readonly epsilon: number;
}

const fused = new WeakSet<Layer>();

/**
 * Lets every BatchNormalization of the model that normalises the last axis train through `batchNormTraining`, models inside the model
 * included. Same mathematics, rounded elsewhere: not the same bits as without. Twice is a no-op.
 *
 * ```ts
 * fuseBatchNormalization(model);
 * await model.fit(images, labels);
 * ```
 */
export function fuseBatchNormalization(model: LayersModel): void {
  for (const layer of model.layers) {
    if (layer instanceof LayersModel) fuseBatchNormalization(layer);
    else if (layer.getClassName() === 'BatchNormalization') fuse(layer);
  }
}

function fuse(layer: Layer): void {
  if (fused.has(layer)) return;
  fused.add(layer);
  const stock = layer.call.bind(layer);
  const { axis, momentum, epsilon } = layer.getConfig() as unknown as Config;
  layer.call = (inputs, kwargs) => {
    const x = oneTensor(layer.name, inputs);
    const isLast = axis === -1 || axis === x.rank - 1;
    if (kwargs.training !== true || !isLast || x.rank > 4) return stock(inputs, kwargs);
    return tidy(() => {
      const [gamma, beta] = ['gamma', 'beta'].map((name) => weightOf(layer, name)?.read() as Tensor1D | undefined);
      const { y, mean, variance } = batchNormTraining(x, { gamma, beta, epsilon });
      average(weightOf(layer, 'moving_mean'), mean, momentum);
      average(weightOf(layer, 'moving_variance'), variance, momentum);
      return y;
    });
  };
}

/** moving -= (moving - value) * (1 - momentum), operation by operation as in tf.layers. */
function average(moving: Weight | undefined, value: Tensor, momentum: number): void {
  if (moving === undefined) return;
  const before = moving.read();
  moving.write(sub(before, mul(sub(before, value), 1 - momentum)));
}

/** tf.layers puts the layer's name in front; `scale: false` and `center: false` leave gamma and beta out. */
function weightOf(layer: Layer, name: string): Weight | undefined {
  return layer.weights.find(({ originalName }) => originalName.split('/').at(-1) === name);
}
