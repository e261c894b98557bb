/**
 * One tap as a dense product through workgroup memory: all threads load a tile of source quads and of weight blocks, then each
 * multiplies from there. For the anchor, and for the rings in which every source quad serves every goal channel (P = 1, 2, 4).
 */
import { accumulate, allQuads, pairProduct, type Product, quadProduct, splatProduct } from './products.ts';
import { each, type Tile, tileChannels, tilePositions } from './shape.ts';

/** Source quads (groups of 4 channels) that are staged at a time. */
export const STAGED_QUADS = 4;

/** The rings that can be staged, and the anchor. */
export type StagedBlock = 'anchor' | 'splat' | 'pair' | 'four';

interface Block {
  /** vec4s of weights that a source quad is multiplied with. */
  readonly rows: number;
  readonly read: string;
  readonly product: Product;
}

const BLOCKS: Readonly<Record<StagedBlock, Block>> = {
  anchor: { rows: 4, read: 'anchorBlock(k, c)', product: splatProduct },
  splat: { rows: 4, read: 'splatBlock(ringRow, k, c)', product: splatProduct },
  pair: { rows: 2, read: 'pairBlock(ringRow, k, c)', product: pairProduct },
  four: { rows: 1, read: 'quadWeights(ringRow, k, c)', product: quadProduct },
};

/** Bytes of workgroup memory that {@link stagedDeclarations} takes. */
export function stagedBytes(tile: Tile): number {
  return 16 * STAGED_QUADS * (tilePositions(tile) + tileChannels(tile)) + 4 * tilePositions(tile);
}

export function stagedDeclarations(tile: Tile): string {
  return `
    var<workgroup> sourceTile : array<vec4<f32>, ${STAGED_QUADS * tilePositions(tile)}>;
    var<workgroup> weightTile : array<vec4<f32>, ${STAGED_QUADS * tileChannels(tile)}>;
    var<workgroup> pixelTile : array<i32, ${tilePositions(tile)}>;`;
}

/** Sees `tap`, and `ringRow` unless the block is the anchor's. Control flow around barriers depends on uniforms alone. */
export function stagedTap(tile: Tile, name: StagedBlock): string {
  const positions = tilePositions(tile);
  const quads = tileChannels(tile) / 4;
  const threads = tile.across * tile.down;
  const { rows, read, product } = BLOCKS[name];
  const inner = (masked: boolean): string => accumulate(tile, allQuads(tile), (r) => `x_${r}`, product, masked);
  const smallest = allPixels(tile).reduce((all, one) => `min(${all}, ${one})`);
  return `
    workgroupBarrier();
    for (var i = thread; i < ${positions}; i += ${threads}) { pixelTile[i] = sourcePixel(placeOf(firstPosition + i), tap); }
    workgroupBarrier();
    ${each(tile.positionsPerThread, (r) => `let pixel_${r} = pixelTile[down + ${r * tile.down}];`)}
    let whole = ${smallest} >= 0;
    for (var first = 0; first < uniforms.sourceSize.w; first += ${4 * STAGED_QUADS}) {
      for (var i = thread; i < ${STAGED_QUADS * positions}; i += ${threads}) {
        let k = first + 4 * (i % ${STAGED_QUADS});
        let pixel = pixelTile[i / ${STAGED_QUADS}];
        var x = vec4<f32>(0.0);
        if (pixel >= 0 && k < uniforms.sourceSize.w) { x = sourceQuad(pixel, k); }
        sourceTile[(i % ${STAGED_QUADS}) * ${positions} + i / ${STAGED_QUADS}] = x;
      }
      for (var i = thread; i < ${STAGED_QUADS * quads}; i += ${threads}) {
        let k = first + 4 * (i / ${quads});
        let c = 4 * (firstQuad + i % ${quads});
        if (k < uniforms.sourceSize.w && c < uniforms.goalSize.w) {
          let block = ${read};
          ${each(rows, (row) => `weightTile[(i / ${quads}) * ${rows * quads} + ${row * quads} + i % ${quads}] = block${rows > 1 ? `[${row}]` : ''};`)}
        }
      }
      workgroupBarrier();
      let staged = min(${STAGED_QUADS}, (uniforms.sourceSize.w - first + 3) / 4);
      for (var d = 0; d < staged; d++) {
        ${each(tile.quadsPerThread, (j) => weightsOf(tile, rows, j))}
        ${each(tile.positionsPerThread, (r) => `let x_${r} = sourceTile[d * ${positions} + down + ${r * tile.down}];`)}
        if (whole) { ${inner(false)} } else { ${inner(true)} }
      }
      workgroupBarrier();
    }`;
}

function weightsOf(tile: Tile, rows: number, j: number): string {
  const quads = tileChannels(tile) / 4;
  const row = (index: number): string =>
    `weightTile[d * ${rows * quads} + ${index * quads + j * tile.across} + across]`;
  const all = Array.from({ length: rows }, (_, index) => row(index)).join(', ');
  return `let w_${j} = ${rows === 1 ? all : `mat${rows}x4<f32>(${all})`};`;
}

function allPixels({ positionsPerThread }: Tile): string[] {
  return Array.from({ length: positionsPerThread }, (_, r) => `pixel_${r}`);
}
