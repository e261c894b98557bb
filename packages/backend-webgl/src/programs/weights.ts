/**
 * The weights in the order in which the sum reads them: `pointwise` [source, target], `spatial` [T, depth, target], channels as they
 * are or in blocks, M and N exchanged for the input gradient. Entries that are no weights become zero without being read.
 */
import type { HetConvPlan } from '@hetconv/core';
import type { TensorInfo } from '@tensorflow/tfjs-core';
import type { MathBackendWebGL } from '@tensorflow/tfjs-backend-webgl';
import type { Geometry } from '../geometry.ts';
import { type Blocks, blockedChannels } from '../layout.ts';
import { CHANNEL_AT } from './channel-blocks.ts';
import { run, type Uniforms } from './run.ts';

export interface PreparedWeights {
  readonly pointwise: TensorInfo;
  /** Absent for a 1x1 kernel. */
  readonly spatial: TensorInfo | undefined;
}

/** How source and target channels stand in the result; `{ part: 1, size: channels }` where they stay as they are. */
export interface WeightOrder {
  readonly source: Blocks;
  readonly target: Blocks;
  /** Ring channels a residue in the result. */
  readonly depth: number;
}

export function prepareWeights(
  backend: MathBackendWebGL,
  plan: HetConvPlan,
  { direction }: Geometry,
  { pointwise, spatial }: { readonly pointwise: TensorInfo; readonly spatial: TensorInfo },
  { source, target, depth }: WeightOrder,
): PreparedWeights {
  const isForward = direction === 'forward';
  const [sourceChannels, targetChannels] = [blockedChannels(source), blockedChannels(target)];
  const uniforms: Uniforms = {
    source: [source.part, source.size, source.channels],
    target: [target.part, target.size, target.channels],
    part: plan.part,
    layerDepth: plan.depth,
  };
  return {
    pointwise: run(backend, {
      inputs: { pointwise },
      outputShape: [1, 1, sourceChannels, targetChannels],
      uniforms,
      source: pointwiseSource(isForward),
    }),
    spatial:
      plan.ringTaps === 0
        ? undefined
        : run(backend, {
            inputs: { spatial },
            outputShape: [plan.ringTaps, depth, targetChannels],
            uniforms: { ...uniforms, depthPairs: Math.ceil(depth / 2) },
            source: spatialSource(isForward),
          }),
  };
}

const ENTRY = `
float entry(vec4 texel, int row, int column) {
  vec2 both = isFirst(row) ? texel.xy : texel.zw;
  return isFirst(column) ? both.x : both.y;
}`;

function texelOf(weight: string): string {
  return `vec4(${weight}(a, b), ${weight}(a, b + 1), ${weight}(a + 1, b), ${weight}(a + 1, b + 1))`;
}

function pointwiseSource(isForward: boolean): string {
  return `${CHANNEL_AT}${ENTRY}
float weight(int a, int b) {
  int from = channelAt(a, source.y, source.x, source.z), to = channelAt(b, target.y, target.x, target.z);
  if (from < 0 || to < 0) return 0.0;
  ${isForward ? 'int m = from, n = to;' : 'int m = to, n = from;'}
  return entry(pointwiseAt(pairOf(m), pairOf(n)), m, n);
}
vec4 compute(int row, int pair) {
  int a = 2 * row, b = 2 * pair;
  return ${texelOf('weight')};
}`;
}

/** Ring channel `a` of target channel `to` is source channel a*P + (to mod P). */
function spatialSource(isForward: boolean): string {
  return `${CHANNEL_AT}${ENTRY}
float weight(int tap, int a, int b) {
  int to = channelAt(b, target.y, target.x, target.z);
  int from = a * part + remainder(to, part);
  if (to < 0 || from >= source.z) return 0.0;
  ${isForward ? 'int q = a, n = to;' : 'int q = quotient(to, part), n = from;'}
  return entry(spatialAt(tap * pairsIn(layerDepth) + pairOf(q), pairOf(n)), q, n);
}
vec4 compute(int row, int pair) {
  int tap = quotient(row, depthPairs);
  int a = 2 * (row - tap * depthPairs), b = 2 * pair;
  return vec4(weight(tap, a, b), weight(tap, a, b + 1), weight(tap, a + 1, b), weight(tap, a + 1, b + 1));
}`;
}
