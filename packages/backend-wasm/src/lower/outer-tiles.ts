/** The tiles of a filter gradient: rows of input channels against groups of output channels, sorted by the kernel they need. */
import { TILE } from '../emit/outer-kernel.ts';
import { type GroupKind, groupKinds, type Quad } from './quads.ts';

/** Tiles that one kernel computes. */
export interface TileList {
  readonly kind: GroupKind;
  readonly rows: number;
  readonly tiles: readonly OuterTile[];
}

interface OuterTile {
  readonly group: readonly Quad[];
  /** First row: input channel row*P + the group's residue. */
  readonly row: number;
}

/** @param mostRows rows that fit into the registers */
export function outerTiles(inChannels: number, outChannels: number, part: number, mostRows: number): TileList[] {
  const lists: TileList[] = [];
  for (const kind of groupKinds(inChannels, outChannels, part)) {
    const byRows = new Map<number, OuterTile[]>();
    for (const group of kind.groups) {
      let row = 0;
      for (const rows of evenly(group[0].depth, mostRows)) {
        const tiles = byRows.get(rows) ?? [];
        byRows.set(rows, tiles);
        tiles.push({ group, row });
        row += rows;
      }
    }
    for (const [rows, tiles] of byRows) lists.push({ kind, rows, tiles });
  }
  return lists;
}

/** `total` as a sum of as few summands as possible, none above `most`, none 2 more than another. */
function evenly(total: number, most: number): number[] {
  const count = Math.ceil(total / most);
  return Array.from({ length: count }, (_, i) => Math.floor((total + i) / count));
}

/** Writes the records of `tiles` at index `at` of the int32 view. */
export function writeTiles(
  ints: Int32Array,
  at: number,
  tiles: readonly OuterTile[],
  outChannels: number,
  part: number,
): void {
  let record = at;
  for (const { group, row } of tiles) {
    ints[record + TILE.x / 4] = 4 * (row * part + group[0].source);
    for (const [q, quad] of group.entries()) {
      ints[record + TILE.dy[q] / 4] = 4 * quad.channel;
      ints[record + TILE.gradient[q] / 4] = 4 * (row * outChannels + quad.channel);
      ints[record + TILE.lanes[q] / 4] = quad.lanes;
    }
    record += TILE.bytes / 4;
  }
}
