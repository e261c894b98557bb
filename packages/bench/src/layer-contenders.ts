/** What is timed for one layer: HetConv at each P, and its peers, over the same x and bias. */
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
  type Random,
  spatialShape,
} from '@hetconv/core';
import { groupedConv2dOp } from '@hetconv/layers';
import * as tf from '@tensorflow/tfjs-core';
import type { Contender } from './interleave.ts';
import type { LayerRequest } from './layer-request.ts';

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
  readonly composed: Contender | undefined;
  /** Grouped K x K of M to M, G = P, then 1x1: where P divides M and is neither 1 nor M, which are other peers. */
  readonly grouped: Contender | undefined;
  readonly tensors: readonly tf.Tensor[];
}

/** Uniform values in [-scale, scale]. */
function draw<R extends tf.Rank>(random: Random, shape: tf.ShapeMap[R], scale: number): tf.Tensor<R> {
  const size = tf.util.sizeFromShape(shape);
  const values = Float32Array.from({ length: size }, () => (2 * random.uniform() - 1) * scale);
  return tf.tensor(values, shape, 'float32');
}

export function createLayer(request: LayerRequest): Layer {
  const { batch, height, width, in: M, out: N, kernel, stride } = request;
  const random = createRandom('bench layer');
  return {
    x: draw(random, [batch, height, width, M], 1),
    bias: draw(random, [N], 0.5),
    filter: draw(random, [kernel, kernel, M, N], Math.sqrt(6 / (kernel * kernel * M))),
    depthwise: draw(random, [kernel, kernel, M, 1], 1 / kernel),
    pointwise: draw(random, [1, 1, M, N], Math.sqrt(6 / M)),
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
  const tensors: tf.Tensor[] = [pointwise, spatial];
  let grouped: Contender | undefined;
  if (request.in % part === 0 && part !== 1 && part !== request.in) {
    const filter = draw<tf.Rank.R4>(
      createRandom('grouped'),
      [request.kernel, request.kernel, request.in / part, request.in],
      1 / request.kernel,
    );
    tensors.push(filter);
    grouped = groupedPointwise(layer, filter, part);
  }
  return {
    plan,
    pointwise,
    spatial,
    compute,
    hetConv,
    composed: provider.kernels() === composedKernels ? undefined : composed,
    grouped,
    tensors,
  };
}

export function dense({ x, filter, bias, stride }: Layer): Contender {
  return contender('dense', () =>
    tf.fused.conv2d({ x, filter, bias, activation: 'relu', strides: stride, pad: 'same' }),
  );
}

function groupedPointwise(layer: Layer, filter: tf.Tensor4D, groups: number): Contender {
  const { x, pointwise, bias, stride } = layer;
  const options = { groups, strides: [stride, stride], pad: 'same', dilations: [1, 1] } as const;
  return contender(`grouped + pointwise G=${groups}`, () => {
    const mixed = groupedConv2dOp(x, filter, options);
    return tf.fused.conv2d({ x: mixed, filter: pointwise, bias, activation: 'relu', strides: 1, pad: 'same' });
  });
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
  for (const { tensors } of subjects) tf.dispose([...tensors]);
}
