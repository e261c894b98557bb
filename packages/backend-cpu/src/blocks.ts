/**
 * How a HetConv falls into small products. Per pixel and tap, a block brings `depth` channels of the source into up to
 * four channels of the target. Anchor: all channels, step 1. Ring: the channels of one residue, step P; where a residue
 * has fewer than four target channels, the same product of four neighbouring residues side by side.
 * The gradient with respect to the input has the same blocks with the roles of M and N exchanged (op-spec, identity 7).
 */
import { type HetConvPlan, residueDepth, ringTaps, type Tap } from '@hetconv/core';
import { TILE_CHANNELS } from './tile.ts';

export type Direction = 'forward' | 'inputGradient';

/** One small product with a [depth, count] matrix, the same at every pixel that the tap meets. */
export interface Block {
  /** `dense`: every target channel sums all `depth` source channels. `lanes`: lane j only those shifted by j. */
  readonly kind: 'dense' | 'lanes';
  readonly tap: Tap;
  readonly isAnchor: boolean;
  /** First channel read and distance to the next. */
  readonly sourceChannel: number;
  readonly sourceStep: number;
  readonly depth: number;
  /** First channel written and distance to the next. */
  readonly targetChannel: number;
  readonly targetStep: number;
  /** 1 to 4 */
  readonly count: number;
  /** Where the matrix lies in `pointwise` (anchor) or `spatial` (ring): index of its first entry and its two strides. */
  readonly weightStart: number;
  readonly weightDepthStep: number;
  readonly weightCountStep: number;
}

/** All blocks of a plan; together they hold every weight exactly once. */
export function* blocks(plan: HetConvPlan, direction: Direction): Generator<Block> {
  yield* anchorBlocks(plan, direction);
  const { part, outChannels } = plan;
  const [sources, targets] = direction === 'forward' ? [plan.inChannels, outChannels] : [outChannels, plan.inChannels];
  const residues = Math.min(part, outChannels);
  for (let residue = 0; residue < residues;) {
    const depth = residueDepth(sources, part, residue);
    const count = residueDepth(targets, part, residue);
    const last = residue + TILE_CHANNELS - 1;
    // Depths never grow with the residue: equal ends mean that all four are equal.
    const isEven =
      last < residues && residueDepth(sources, part, last) === depth && residueDepth(targets, part, last) === count;
    if (count < TILE_CHANNELS && isEven) {
      for (let first = 0; first < count; first++)
        yield* ringBlocks(plan, direction, 'lanes', residue, depth, first, TILE_CHANNELS);
      residue += TILE_CHANNELS;
    } else {
      for (let first = 0; first < count; first += TILE_CHANNELS) {
        yield* ringBlocks(plan, direction, 'dense', residue, depth, first, Math.min(TILE_CHANNELS, count - first));
      }
      residue++;
    }
  }
}

function* anchorBlocks(plan: HetConvPlan, direction: Direction): Generator<Block> {
  const { inChannels: M, outChannels: N } = plan;
  const isForward = direction === 'forward';
  const [sources, targets] = isForward ? [M, N] : [N, M];
  for (let first = 0; first < targets; first += TILE_CHANNELS) {
    yield {
      kind: 'dense',
      tap: { row: plan.anchorRow, col: plan.anchorCol },
      isAnchor: true,
      sourceChannel: 0,
      sourceStep: 1,
      depth: sources,
      targetChannel: first,
      targetStep: 1,
      count: Math.min(TILE_CHANNELS, targets - first),
      weightStart: isForward ? first : first * N,
      weightDepthStep: isForward ? N : 1,
      weightCountStep: isForward ? 1 : N,
    };
  }
}

/** The blocks of every ring tap for the target channels residue + P * first, ...; `lanes` go on to the next residues. */
function* ringBlocks(
  plan: HetConvPlan,
  direction: Direction,
  kind: Block['kind'],
  residue: number,
  depth: number,
  first: number,
  count: number,
): Generator<Block> {
  const { outChannels: N, part, depth: Q } = plan;
  const isForward = direction === 'forward';
  const acrossFilters = isForward ? part : N;
  for (const [t, tap] of ringTaps(plan).entries()) {
    yield {
      kind,
      tap,
      isAnchor: false,
      sourceChannel: residue,
      sourceStep: part,
      depth,
      targetChannel: residue + first * part,
      targetStep: kind === 'lanes' ? 1 : part,
      count,
      weightStart: isForward ? t * Q * N + residue + first * part : (t * Q + first) * N + residue,
      weightDepthStep: isForward ? N : part,
      weightCountStep: kind === 'lanes' ? 1 : acrossFilters,
    };
  }
}
