/** From bytes to what a network takes: float32 tensors of normalised pixels, int32 tensors of labels. */
import { type Tensor1D, tensor1d, type Tensor3D, tensor3d, type Tensor4D, tensor4d } from '@tensorflow/tfjs-core';
import { DatasetArgumentError } from '../errors.ts';
import { fitShape } from './fit.ts';
import { type Images, type ImageShape, selectImages } from './images.ts';
import { perChannel, type PerChannel, type ValueRule } from './per-channel.ts';

/** value = (pixel in `range` - mean) / std, computed in double precision and rounded once to float32. */
export interface NormalizationOptions {
  /** 'unit' (default): pixel / 255, from 0 to 1. 'byte': from 0 to 255, as stored. */
  readonly range?: 'unit' | 'byte';
  /** Per channel, or one for all; in units of `range`. Default 0. */
  readonly mean?: PerChannel;
  /** Per channel, or one for all; in units of `range`. Default 1. */
  readonly std?: PerChannel;
}

export interface BatchOptions extends NormalizationOptions {
  /** Only these images, in this order, e.g. a shuffled minibatch. Default: all. */
  readonly indices?: ArrayLike<number>;
  /** See `fitShape`: `[32, 32, 3]` brings Fashion-MNIST to the shape of CIFAR. Padding is black before normalisation. */
  readonly shape?: ImageShape;
}

/**
 * @returns float32 [n, height, width, channels]
 * @throws DatasetArgumentError naming the option, what it was and what is accepted
 */
export function imagesToTensor(images: Images, options: BatchOptions = {}): Tensor4D {
  const chosen = options.indices === undefined ? images : selectImages(images, options.indices);
  const fitted = options.shape === undefined ? chosen : fitShape(chosen, options.shape);
  const { count, height, width, channels } = fitted;
  return tensor4d(normalize('imagesToTensor', fitted, options), [count, height, width, channels], 'float32');
}

/**
 * One picture, as `decodeImage` gives it.
 *
 * @returns float32 [height, width, channels]
 * @throws DatasetArgumentError when `image` holds another number of images than one, or for a wrong option
 */
export function imageToTensor(image: Images, options: NormalizationOptions = {}): Tensor3D {
  const { count, height, width, channels } = image;
  if (count !== 1) throw new DatasetArgumentError('imageToTensor', 'the number of images', count, '1');
  return tensor3d(normalize('imageToTensor', image, options), [height, width, channels], 'float32');
}

/**
 * @param labels `labels` or `coarseLabels` of a set
 * @param indices only these, in this order
 * @returns int32 [n]; `tf.oneHot` takes it
 * @throws DatasetArgumentError for an index outside the labels
 */
export function labelsToTensor(labels: Uint8Array, indices?: ArrayLike<number>): Tensor1D {
  if (indices === undefined) return tensor1d(Int32Array.from(labels), 'int32');
  const chosen = Int32Array.from(indices, (index, i) => {
    if (index in labels) return labels[index];
    throw new DatasetArgumentError(
      'labelsToTensor',
      `indices[${i}]`,
      index,
      `an integer from 0 to ${labels.length - 1}`,
    );
  });
  return tensor1d(chosen, 'int32');
}

const FINITE: ValueRule = { accepts: Number.isFinite, accepted: 'a finite number' };
const POSITIVE: ValueRule = { accepts: (value) => value > 0 && value < Infinity, accepted: 'a positive number' };

function normalize(operation: string, { pixels, channels }: Images, options: NormalizationOptions): Float32Array {
  const { range = 'unit' } = options;
  if (range !== 'unit' && range !== 'byte')
    throw new DatasetArgumentError(operation, 'range', range, "'unit' or 'byte'");
  const mean = perChannel(operation, 'mean', options.mean ?? 0, channels, FINITE);
  const std = perChannel(operation, 'std', options.std ?? 1, channels, POSITIVE);
  const top = range === 'unit' ? 255 : 1;
  const result = new Float32Array(pixels.length);
  for (let c = 0; c < channels; c++) {
    const table = Float32Array.from({ length: 256 }, (_, pixel) => (pixel / top - mean[c]) / std[c]);
    for (let i = c; i < pixels.length; i += channels) result[i] = table[pixels[i]];
  }
  return result;
}
