/**
 * One tap, read straight from the buffers: no workgroup memory, no barrier. Serves every ring, and on software rasterisers
 * the anchor too: there a barrier costs more than the reads that it saves.
 */
import { accumulate, allQuads, bySight, pairProduct, type Product, quadProduct, splatProduct } from './products.ts';
import { each, type Ring, type Tile } from './shape.ts';

/** The anchor tap: `tap` -> sums. */
export function directAnchor(tile: Tile): string {
  return `{ let tap = uniforms.origin.zw; ${pixels(tile)} ${bySight(tile, (masked) => denseLoop(tile, 'anchorBlock(k, ', splatProduct, masked))} }`;
}

/** One off-anchor tap; sees `tap` and `ringRow`. */
export function directRing(tile: Tile, ring: Exclude<Ring, 'none'>): string {
  return `${pixels(tile)} ${bySight(tile, (masked) => ringLoop(tile, ring, masked))}`;
}

function ringLoop(tile: Tile, ring: Exclude<Ring, 'none'>, masked: boolean): string {
  switch (ring) {
    case 'splat':
      return denseLoop(tile, 'splatBlock(ringRow, k, ', splatProduct, masked);
    case 'pair':
      return denseLoop(tile, 'pairBlock(ringRow, k, ', pairProduct, masked);
    case 'four':
    case 'quad':
      return residueLoop(tile, allQuads(tile), masked);
    case 'wide':
      return allQuads(tile)
        .map((j) => residueLoop(tile, [j], masked))
        .join('\n');
    default:
      return allQuads(tile)
        .map((j) => gatherLoop(tile, j, masked))
        .join('\n');
  }
}

function pixels(tile: Tile): string {
  return each(tile.positionsPerThread, (r) => `let pixel_${r} = sourcePixel(place_${r}, tap);`);
}

/** All source channels, four at a time: each quad serves every goal channel. */
function denseLoop(tile: Tile, block: string, product: Product, masked: boolean): string {
  return `
    for (var k = 0; k < uniforms.sourceSize.w; k += 4) {
      ${each(tile.quadsPerThread, (j) => `let w_${j} = ${block}channel_${j});`)}
      ${accumulate(tile, allQuads(tile), (r) => `sourceQuad(pixel_${r}, k)`, product, masked)}
    }`;
}

/** Source channels of the residue of `quads`, in steps of P. */
function residueLoop(tile: Tile, quads: readonly number[], masked: boolean): string {
  return `
    for (var k = channel_${quads[0]} % uniforms.window.z; k < uniforms.sourceSize.w; k += uniforms.window.z) {
      ${quads.map((j) => `let w_${j} = quadWeights(ringRow, k, channel_${j});`).join('\n')}
      ${accumulate(tile, quads, (r) => `sourceQuad(pixel_${r}, k)`, quadProduct, masked)}
    }`;
}

/** As {@link residueLoop} where the four lanes' residues are not neighbours. Scalar buffers only. */
function gatherLoop(tile: Tile, j: number, masked: boolean): string {
  return `{
    let residues = (channel_${j} + vec4<i32>(0, 1, 2, 3)) % uniforms.window.z;
    for (var k = 0; k < uniforms.sourceSize.w; k += uniforms.window.z) {
      let w_${j} = ringLanes(ringRow, k + residues, channel_${j});
      ${accumulate(tile, [j], (r) => `sourceLanes(pixel_${r}, k + residues)`, quadProduct, masked)}
    }
  }`;
}
