/** Squeeze-and-excitation (Hu et al., CVPR 2018; TPAMI 2020): each channel is scaled by what all channels are like on average. */
import { InvalidArgumentError } from '@hetconv/core';
import { layers, type SymbolicTensor } from '@tensorflow/tfjs-layers';
import type { InitializerLike } from '../layers/options.ts';

export interface SqueezeExcitationArgs {
  /** The layers are called `${name}_squeeze`, `_reduce`, `_expand`, `_gate` and `_scale`. */
  readonly name: string;
  /** r: the hidden layer has floor(channels / r) units, at least 1. Default 16, the source's. */
  readonly reduction?: number;
  /** Of the dense layer with ReLU, by its name. Default: that of tf.layers. */
  readonly reduceInitializer?: (layerName: string) => InitializerLike;
  /** Of the dense layer with the sigmoid. */
  readonly expandInitializer?: (layerName: string) => InitializerLike;
}

/**
 * x * sigmoid(W2 relu(W1 mean(x))), the mean over height and width: `[batch, height, width, channels]` to the same shape.
 *
 * 2 * channels * floor(channels / r) weights. No biases: the source counts none (its equation 5), and found that leaving them out
 * helps in residual networks (its section 3). Stock layers, so that a model that has it loads without this package.
 *
 * @throws InvalidArgumentError
 */
export function squeezeExcitation(x: SymbolicTensor, args: SqueezeExcitationArgs): SymbolicTensor {
  const { name, reduction = 16, reduceInitializer, expandInitializer } = args;
  if (!Number.isInteger(reduction) || reduction < 1) {
    throw new InvalidArgumentError('squeezeExcitation', 'reduction', reduction, 'a positive integer');
  }
  const channels = x.shape[3];
  if (x.shape.length !== 4 || channels == null) {
    throw new InvalidArgumentError('squeezeExcitation', 'x', { shape: x.shape }, 'of rank 4 with known channels');
  }
  const hidden = Math.max(1, Math.floor(channels / reduction));
  const dense = (
    suffix: string,
    units: number,
    activation: 'relu' | 'sigmoid',
    initializer: SqueezeExcitationArgs['reduceInitializer'],
  ): layers.Layer => {
    const layerName = `${name}_${suffix}`;
    const kernelInitializer = initializer?.(layerName);
    const drawn = kernelInitializer === undefined ? {} : { kernelInitializer };
    return layers.dense({ name: layerName, units, activation, useBias: false, ...drawn });
  };
  const gate = [
    layers.globalAveragePooling2d({ name: `${name}_squeeze` }),
    dense('reduce', hidden, 'relu', reduceInitializer),
    dense('expand', channels, 'sigmoid', expandInitializer),
    layers.reshape({ name: `${name}_gate`, targetShape: [1, 1, channels] }),
  ].reduce((y, layer) => layer.apply(y) as SymbolicTensor, x);
  return layers.multiply({ name: `${name}_scale` }).apply([x, gate]) as SymbolicTensor;
}
