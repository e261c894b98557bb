/** The gradients of `pointwise` and `spatial`. */
import { type FilterGradientCall, pointwiseShape, spatialShape } from '@hetconv/core';
import type { TensorInfo } from '@tensorflow/tfjs-core';
import type { MathBackendWebGL } from '@tensorflow/tfjs-backend-webgl';
import { geometryOf } from './geometry.ts';
import { blockedChannels, blocksOf } from './layout.ts';
import { toBlocks } from './programs/channel-blocks.ts';
import { POINTWISE_GRADIENT, SPATIAL_FROM_BLOCKS, spatialGradientSource } from './programs/filter-gradient.ts';
import { run, type Uniforms } from './programs/run.ts';
import type { SpatialVariant } from './variants.ts';

type Call = FilterGradientCall<MathBackendWebGL>;

export function pointwiseGradient({ backend, plan, x, dy }: Call): TensorInfo {
  const shape = pointwiseShape(plan);
  if (hasNoPositions(dy)) return zeros(backend, shape);
  return run(backend, {
    inputs: { x, dy },
    outputShape: shape,
    uniforms: positionUniforms({ backend, plan, x, dy }),
    source: POINTWISE_GRADIENT,
  });
}

export function spatialGradient(call: Call, { ring }: SpatialVariant): TensorInfo {
  const { backend, plan, x, dy } = call;
  const shape = spatialShape(plan);
  if (plan.ringTaps === 0 || hasNoPositions(dy)) return zeros(backend, shape);
  const source = spatialGradientSource(ring);
  if (ring === 'lanes') {
    const uniforms: Uniforms = { ...positionUniforms(call), depth: plan.depth, part: plan.part };
    return run(backend, { inputs: { x, dy }, outputShape: shape, uniforms, source });
  }
  const [from, to] = [blocksOf(plan.inChannels, plan.part), blocksOf(plan.outChannels, plan.part)];
  const blockedX = toBlocks(backend, x, from);
  const blockedDy = toBlocks(backend, dy, to);
  const blocked = run(backend, {
    inputs: { x: blockedX, dy: blockedDy },
    outputShape: [plan.ringTaps, from.size, blockedChannels(to)],
    uniforms: { ...positionUniforms(call), depth: from.size, blockPairs: to.size / 2 },
    source,
  });
  const gradient = run(backend, {
    inputs: { blocked },
    outputShape: shape,
    uniforms: {
      part: plan.part,
      channels: plan.inChannels,
      blockPairs: to.size / 2,
      blockedDepthPairs: from.size / 2,
    },
    source: SPATIAL_FROM_BLOCKS,
  });
  for (const info of [blockedX, blockedDy, blocked]) backend.disposeIntermediateTensorInfo(info);
  return gradient;
}

function positionUniforms({ plan }: Call): Uniforms {
  const { source, target, multiply, offset, step } = geometryOf(plan, 'forward');
  return {
    batch: plan.batch,
    sourceSize: [source.height, source.width],
    targetSize: [target.height, target.width],
    multiply,
    offset,
    tapStep: step,
    kernel: [plan.kernelHeight, plan.kernelWidth],
    anchor: [plan.anchorRow, plan.anchorCol],
  };
}

function hasNoPositions({ shape }: TensorInfo): boolean {
  return shape.includes(0);
}

function zeros(backend: MathBackendWebGL, shape: number[]): TensorInfo {
  return backend.makeTensorInfo(shape, 'float32', new Float32Array(shape.reduce((size, side) => size * side, 1)));
}
