/** What is timed for one layer: HetConv at each P, and its three peers, over the same x and bias. */
import {
  type BackendProvider,
  composedKernels,
  createRandom,
  fused,
  HE_UNIFORM,
  type HetConvPlan,
  initializeHetConv,
  planHetConv,
  pointwiseShape,
  spatialShape,
} from '@hetconv/core';
import * as tf from '@tensorflow/tfjs-core';
import type { Contender } from './interleave.ts';

/** A layer ('same' padding) and the P at which it is measured. */
export interface LayerRequest {
  readonly height: number;
  readonly width: number;
  /** M */
  readonly in: number;
  /** N */
  readonly out: number;
  readonly kernel: number;
  readonly stride: number;
  readonly batch: number;
  /** Every P to measure; values above M are the caller's mistake. */
  readonly parts: readonly number[];
}

/** The tensors that all contenders of a layer share. */
export interface Layer {
  readonly x: tf.Tensor4D;
  readonly bias: tf.Tensor1D;
  readonly filter: tf.Tensor4D;
  readonly depthwise: tf.Tensor4D;
  readonly pointwise: tf.Tensor4D;
  readonly stride: number;
}

/** HetConv at one P. */
export interface Subject {
  readonly plan: HetConvPlan;
  readonly pointwise: tf.Tensor4D;
  readonly spatial: tf.Tensor3D;
  /** One run of the HetConv: the output, to be disposed. */
  readonly compute: () => tf.Tensor4D;
  readonly hetConv: Contender;
  /** The composed form, where that is not what `hetConv` runs. */
  readonly composed: readonly Contender[];
}

export function createLayer(request: LayerRequest): Layer {
  const { batch, height, width, in: M, out: N, kernel, stride } = request;
  const random = createRandom('bench layer');
  const draw = <R extends tf.Rank>(shape: tf.ShapeMap[R], scale: number): tf.Tensor<R> => {
    const size = tf.util.sizeFromShape(shape);
    return tf.tensor(
      Float32Array.from({ length: size }, () => (2 * random.uniform() - 1) * scale),
      shape,
      'float32',
    );
  };
  return {
    x: draw([batch, height, width, M], 1),
    bias: draw([N], 0.5),
    filter: draw([kernel, kernel, M, N], Math.sqrt(6 / (kernel * kernel * M))),
    depthwise: draw([kernel, kernel, M, 1], 1 / kernel),
    pointwise: draw([1, 1, M, N], Math.sqrt(6 / M)),
    stride,
  };
}

export function createSubject(provider: BackendProvider, request: LayerRequest, layer: Layer, part: number): Subject {
  const plan = planHetConv({
    inputShape: layer.x.shape,
    outChannels: request.out,
    part,
    kernelSize: request.kernel,
    strides: request.stride,
    pad: 'same',
  });
  const values = initializeHetConv(plan, HE_UNIFORM, part);
  const pointwise = tf.tensor4d(values.pointwise, pointwiseShape(plan));
  const spatial = tf.tensor3d(values.spatial, spatialShape(plan));
  const { x, bias } = layer;
  const compute = (): tf.Tensor4D =>
    fused.hetConv2d({
      x,
      pointwise,
      spatial,
      bias,
      activation: 'relu',
      part,
      kernelSize: request.kernel,
      strides: request.stride,
      pad: 'same',
    });
  const hetConv = contender(`HetConv P=${part}`, compute);
  const composed = contender(`composed P=${part}`, () => {
    const backend = tf.backend();
    const call = { backend, plan, x, pointwise, spatial, bias, activation: 'relu' as const, leakyreluAlpha: 0 };
    return composedKernels.forward(call) as tf.Tensor4D;
  });
  return {
    plan,
    pointwise,
    spatial,
    compute,
    hetConv,
    composed: provider.kernels() === composedKernels ? [] : [composed],
  };
}

export function dense({ x, filter, bias, stride }: Layer): Contender {
  return contender('dense', () =>
    tf.fused.conv2d({ x, filter, bias, activation: 'relu', strides: stride, pad: 'same' }),
  );
}

export function depthwisePointwise({ x, depthwise, pointwise, bias, stride }: Layer): Contender {
  return contender('depthwise + pointwise', () => {
    const mixed = tf.depthwiseConv2d(x, depthwise, stride, 'same');
    return tf.fused.conv2d({ x: mixed, filter: pointwise, bias, activation: 'relu', strides: 1, pad: 'same' });
  });
}

/** A contender whose run ends when its output has been read back. */
function contender(name: string, compute: () => tf.Tensor4D): Contender {
  return {
    name,
    run: async () => {
      const y = tf.tidy(compute);
      await y.data();
      y.dispose();
    },
  };
}

export function disposeAll(layer: Layer, subjects: readonly Subject[]): void {
  tf.dispose([layer.x, layer.bias, layer.filter, layer.depthwise, layer.pointwise]);
  for (const { pointwise, spatial } of subjects) tf.dispose([pointwise, spatial]);
}
