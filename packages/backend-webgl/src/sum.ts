/** Forward and input gradient: which copies the layout needs, then the program that sums. */
import { type Epilogue, type HetConvPlan } from '@hetconv/core';
import type { TensorInfo } from '@tensorflow/tfjs-core';
import type { MathBackendWebGL } from '@tensorflow/tfjs-backend-webgl';
import { type Direction, type Geometry, geometryOf, tapRowOf } from './geometry.ts';
import { type Blocks, blockedChannels, blocksOf, isPlain } from './layout.ts';
import { fromBlocks, inBlocks } from './programs/channel-blocks.ts';
import { type EpilogueCode, epilogueCode, NO_EPILOGUE } from './programs/epilogue.ts';
import { run } from './programs/run.ts';
import type { RingLoop } from './programs/products.ts';
import { sumSource, sumUniforms } from './programs/sum.ts';
import { prepareWeights, type PreparedWeights, type WeightOrder } from './programs/weights.ts';
import type { SumVariant } from './variants.ts';

export interface SumCall {
  readonly backend: MathBackendWebGL;
  readonly plan: HetConvPlan;
  readonly direction: Direction;
  readonly variant: SumVariant;
  /** x or dy, NHWC */
  readonly images: TensorInfo;
  readonly pointwise: TensorInfo;
  readonly spatial: TensorInfo;
  readonly epilogue?: Epilogue;
}

export function sumTaps(call: SumCall): TensorInfo {
  if (call.images.shape.includes(0)) return sumOfNothing(call);
  const { backend, plan, direction, variant } = call;
  const geometry = geometryOf(plan, direction);
  const order = variant.ring === 'lanes' ? lanesOrder(plan, geometry) : blocksOrder(plan, geometry);
  const isReordered = variant.ring === 'blocks' && plan.part > 1;
  const epilogue = call.epilogue === undefined ? NO_EPILOGUE : epilogueCode(call.epilogue);
  const weights = weightsOf(call, geometry, order);
  const source = inBlocks(backend, call.images, order.source);
  try {
    const sum = sumInOrder(call, geometry, order, source.images, weights, isReordered ? NO_EPILOGUE : epilogue);
    if (!isReordered) return sum;
    try {
      return fromBlocks(backend, sum, order.target, epilogue);
    } finally {
      backend.disposeIntermediateTensorInfo(sum);
    }
  } finally {
    if (source.isCopy) backend.disposeIntermediateTensorInfo(source.images);
    for (const info of [weights.pointwise, weights.spatial]) {
      if (info !== undefined && info !== call.pointwise && info !== call.spatial)
        backend.disposeIntermediateTensorInfo(info);
    }
  }
}

/** Images without a pixel have no texture; one that no tap meets stands in for them. */
function sumOfNothing(call: SumCall): TensorInfo {
  const { backend, images } = call;
  const channels = images.shape[3];
  const nothing = backend.makeTensorInfo([1, 1, 1, channels], 'float32', new Float32Array(channels));
  try {
    return sumTaps({ ...call, images: nothing });
  } finally {
    backend.disposeIntermediateTensorInfo(nothing);
  }
}

function sumInOrder(
  { backend, plan, variant }: SumCall,
  geometry: Geometry,
  order: WeightOrder,
  source: TensorInfo,
  { pointwise, spatial }: PreparedWeights,
  epilogue: EpilogueCode,
): TensorInfo {
  const { height, width } = geometry.target;
  const divides = Math.max(...geometry.divide) > 1;
  const tapRow = variant.usesTapRows ? tapRowOf(plan, geometry) : undefined;
  return run(backend, {
    inputs: { source, pointwise, ...(spatial === undefined ? {} : { spatial }), ...epilogue.inputs },
    outputShape: [plan.batch, height, width, targetChannels(order.target)],
    uniforms: sumUniforms(plan, geometry, { depth: order.depth, blockPairs: order.target.size / 2 }),
    floats: epilogue.floats,
    source: sumSource(
      { ring: ringLoop(variant, order), hasRing: spatial !== undefined, divides },
      tapRow,
      epilogue.source,
    ),
  });
}

function ringLoop({ ring, usesTapRows }: SumVariant, { depth }: WeightOrder): RingLoop {
  if (ring === 'blocks' || !usesTapRows || depth % 2 === 0) return ring;
  return depth === 1 ? 'lanes-one' : 'lanes-odd';
}

/** Channels as they are. */
function asTheyAre(channels: number): Blocks {
  return { part: 1, channels, size: channels };
}

function lanesOrder(plan: HetConvPlan, { source, target }: Geometry): WeightOrder {
  const depth = Math.ceil(source.channels / plan.part);
  return { source: asTheyAre(source.channels), target: asTheyAre(target.channels), depth };
}

function blocksOrder(plan: HetConvPlan, geometry: Geometry): WeightOrder {
  const source = blocksOf(geometry.source.channels, plan.part);
  return { source, target: blocksOf(geometry.target.channels, plan.part), depth: source.size };
}

/** With one block an odd last target channel is padding of the texel, not of the tensor. */
function targetChannels(target: Blocks): number {
  return target.part === 1 ? target.channels : blockedChannels(target);
}

/** The layer's own tensors where they already stand in the order that is wanted. */
function weightsOf(
  { backend, plan, direction, variant, pointwise, spatial }: SumCall,
  geometry: Geometry,
  order: WeightOrder,
): PreparedWeights {
  const isAsWanted =
    direction === 'forward' && (variant.ring === 'lanes' || (plan.part === 1 && isPlain(order.source)));
  if (isAsWanted) return { pointwise, spatial: plan.ringTaps === 0 ? undefined : spatial };
  return prepareWeights(backend, plan, geometry, { pointwise, spatial }, order);
}
