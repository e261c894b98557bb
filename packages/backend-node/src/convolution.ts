/**
 * TensorFlow's convolution and its two gradients with attributes made by hand. The ops of tfjs refuse what is needed here: a filter of
 * fewer input channels than x has (a grouped convolution), explicit padding in the gradients, dilation in the gradients. To be called
 * within a `tidy`.
 */
import { explicitPads, type HetConvPlan } from '@hetconv/core';
import { type Tensor4D, tensor1d } from '@tensorflow/tfjs-core';
import type { Attribute, TensorflowBackend } from './backend.ts';

type Pair = readonly [number, number];

/** Rows before columns throughout. */
export interface Window {
  readonly strides: Pair;
  readonly dilations: Pair;
  /** Before and behind each axis of NHWC. */
  readonly pads: readonly Pair[];
}

/** The window of a plan over x. */
export function windowOf(plan: HetConvPlan): Window {
  return {
    strides: [plan.strideHeight, plan.strideWidth],
    dilations: [plan.dilationHeight, plan.dilationWidth],
    pads: explicitPads(plan),
  };
}

/**
 * `Conv2D`: x [batch, height, width, M] with a filter [kh, kw, M / groups, N]. The first N / groups filters see the first M / groups
 * channels, and so on. More than one group is for GPUs.
 */
export function convolve(backend: TensorflowBackend, x: Tensor4D, filter: Tensor4D, window: Window): Tensor4D {
  return backend.executeSingleOutput('Conv2D', attributes(backend, window), [x, filter]) as Tensor4D;
}

/** `Conv2DBackpropInput`: the gradient of {@link convolve} with respect to x. */
export function convolveInputGradient(
  backend: TensorflowBackend,
  inputShape: readonly number[],
  filter: Tensor4D,
  dy: Tensor4D,
  window: Window,
): Tensor4D {
  const inputs = [tensor1d([...inputShape], 'int32'), filter, dy];
  return backend.executeSingleOutput('Conv2DBackpropInput', attributes(backend, window), inputs) as Tensor4D;
}

/** `Conv2DBackpropFilter`: the gradient of {@link convolve} with respect to the filter. */
export function convolveFilterGradient(
  backend: TensorflowBackend,
  x: Tensor4D,
  filterShape: readonly number[],
  dy: Tensor4D,
  window: Window,
): Tensor4D {
  const inputs = [x, tensor1d([...filterShape], 'int32'), dy];
  return backend.executeSingleOutput('Conv2DBackpropFilter', attributes(backend, window), inputs) as Tensor4D;
}

/** All three operations take the same. `explicit_paddings` are in the order of `data_format`, batch and channels included. */
function attributes({ binding }: TensorflowBackend, { strides, dilations, pads }: Window): readonly Attribute[] {
  const { TF_ATTR_TYPE, TF_ATTR_INT, TF_ATTR_STRING, TF_ATTR_BOOL, TF_FLOAT } = binding;
  return [
    { name: 'T', type: TF_ATTR_TYPE, value: TF_FLOAT },
    { name: 'strides', type: TF_ATTR_INT, value: [1, ...strides, 1] },
    { name: 'padding', type: TF_ATTR_STRING, value: 'EXPLICIT' },
    { name: 'explicit_paddings', type: TF_ATTR_INT, value: pads.flat() },
    { name: 'data_format', type: TF_ATTR_STRING, value: 'NHWC' },
    { name: 'use_cudnn_on_gpu', type: TF_ATTR_BOOL, value: true },
    { name: 'dilations', type: TF_ATTR_INT, value: [1, ...dilations, 1] },
  ];
}
