/**
 * The shader of the forward pass and of the input gradient: one implicit GEMM. Its anchor phase is dense; its ring phase reads,
 * for goal channel c, only the source channels of c's residue modulo P. Both add to the same sums.
 *
 * The input gradient is the same sum with x and y exchanged (op-spec, identity 7): source is dy, goal is dx.
 */
import { directAnchor, directRing } from './direct-taps.ts';
import { storeText } from './epilogue.ts';
import { forEachRingTap, positionsText } from './positions.ts';
import { declareSums } from './products.ts';
import { each, type EpilogueText, type Lanes, type Ring, type Tile, tileChannels, tilePositions } from './shape.ts';
import { stagedDeclarations, stagedTap } from './staged-taps.ts';
import { weightsText } from './weights.ts';

export interface SumTapsShape {
  readonly reversed: boolean;
  /** True where dense phases go through workgroup memory. */
  readonly staged: boolean;
  readonly tile: Tile;
  readonly ring: Ring;
  readonly lanes: Lanes;
}

export function sumTapsText(shape: SumTapsShape, epilogue: EpilogueText): string {
  const { tile, lanes, reversed, staged } = shape;
  const channels = tileChannels(tile);
  return `
    ${positionsText(reversed)}
    ${weightsText(lanes, reversed, shape.ring !== 'none')}
    ${storeText(lanes, epilogue)}
    ${staged ? stagedDeclarations(tile) : ''}
    fn main() {
      let thread = i32(localIndex);
      let across = thread % ${tile.across};
      let down = thread / ${tile.across};
      let group = i32(workgroupId.y * numWorkgroups.x + workgroupId.x);
      let groupsAcross = (uniforms.goalSize.w + ${channels - 1}) / ${channels};
      let firstPosition = (group / groupsAcross) * ${tilePositions(tile)};
      let firstQuad = (group % groupsAcross) * ${channels / 4};
      ${each(tile.quadsPerThread, (j) => `let channel_${j} = 4 * (firstQuad + ${j * tile.across} + across);`)}
      ${each(tile.positionsPerThread, (r) => `let place_${r} = placeOf(firstPosition + down + ${r * tile.down});`)}
      ${declareSums(tile)}
      ${staged ? `{ let tap = uniforms.origin.zw; ${stagedTap(tile, 'anchor')} }` : directAnchor(tile)}
      ${ringText(shape)}
      ${each(tile.positionsPerThread, (r) =>
        each(
          tile.quadsPerThread,
          (j) => `store(firstPosition + down + ${r * tile.down}, channel_${j}, sum_${r}_${j});`,
        ),
      )}
    }`;
}

function ringText({ tile, ring, staged }: SumTapsShape): string {
  if (ring === 'none') return '';
  const dense = ring === 'splat' || ring === 'pair' || ring === 'four';
  return forEachRingTap(staged && dense ? stagedTap(tile, ring) : directRing(tile, ring));
}
