/** Runs filter gradients: for each tap, all tiles over block after block of the pixel pairs that meet there. */
import type { HetConvPlan, Tap } from '@hetconv/core';
import { emitOuterKernel, type OuterKernel, type OuterRun, PAIR_BYTES, TILE } from './emit/outer-kernel.ts';
import type { InstructionSet } from './host/instruction-set.ts';
import type { Kernel } from './host/modules.ts';
import type { Split } from './threads/pool.ts';
import type { PairBlock, Runtime, TileBlock } from './host/runtime.ts';
import { outerTiles, writeTiles } from './lower/outer-tiles.ts';
import { pairLayout, writePairs } from './lower/pairs.ts';
import { TILE_ROWS } from './sum-pass.ts';

/** A tap and the address of its part of the gradient: rows of N values, one per input channel of a residue. */
export interface TapGradient extends Tap {
  readonly gradient: number;
}

export interface OuterCall {
  readonly plan: HetConvPlan;
  /** P of these taps: the plan's for the ring, 1 for the anchor and for the standard convolution. */
  readonly part: number;
  readonly taps: readonly TapGradient[];
  /** Addresses. */
  readonly x: number;
  readonly dy: number;
}

/** x and dy of a block of pixels: they stay in the second-level cache while all tiles pass over them. */
const BLOCK_BYTES = 64 * 1024;
const [FEWEST_PAIRS, MOST_PAIRS] = [96, 512];

/** How a call may be cut; indices into the parameters of `OuterRun`. */
const BY_TILES: Split = { count: 1, pointer: 0, bytes: TILE.bytes };

/** Every value of the taps' gradients that is a weight's is written. */
export function runOuter(runtime: Runtime, instructionSet: InstructionSet, call: OuterCall): void {
  const { plan, part, taps } = call;
  const { inChannels, outChannels, batch } = plan;
  const rowStep = 4 * outChannels;
  const fitting = Math.floor(BLOCK_BYTES / (4 * (inChannels + outChannels)));
  const perBlock = Math.min(MOST_PAIRS, Math.max(FEWEST_PAIRS, fitting));
  const outPixels = plan.outHeight * plan.outWidth;
  const most = Math.max(1, Math.min(batch, Math.floor(perBlock / Math.max(1, outPixels))));
  const xImage = 4 * plan.inHeight * plan.inWidth * inChannels;
  const dyImage = 4 * outPixels * outChannels;
  const tiles = tilesOf(runtime, instructionSet, plan, part);
  const kernels = tiles.lists.map((list) => kernelFor(runtime, list.kernel));
  const started = new Set<TapGradient>();

  // At least once, so that a gradient without a single pair becomes 0.
  for (let first = 0; first < Math.max(1, batch); first += most) {
    const images = Math.min(most, batch - first);
    const pairs = pairsOf(runtime, plan, taps, images);
    for (const [index, tap] of taps.entries()) {
      const { offset, count } = pairs.lists[index];
      let done = 0;
      do {
        const block = Math.min(perBlock, count - done);
        const isFirst = started.has(tap) ? 0 : 1;
        started.add(tap);
        for (const [k, { offset: records, count: tileCount, kernel }] of tiles.lists.entries()) {
          const args: Parameters<OuterRun> = [
            tiles.address + records,
            tileCount,
            pairs.address + offset + PAIR_BYTES * done,
            block,
            call.x + first * xImage,
            call.dy + first * dyImage,
            tap.gradient,
            rowStep,
            isFirst,
          ];
          const work = tileCount * block * 4 * kernel.quads * kernel.rows;
          runtime.modules.call(kernels[k], args, BY_TILES, work);
        }
        done += block;
      } while (done < count);
    }
  }
}

function kernelFor(runtime: Runtime, kernel: OuterKernel): Kernel {
  return runtime.modules.get(`outer ${JSON.stringify(kernel)}`, () => emitOuterKernel(kernel));
}

function tilesOf(runtime: Runtime, instructionSet: InstructionSet, plan: HetConvPlan, part: number): TileBlock {
  const { inChannels, outChannels } = plan;
  const key = `${inChannels} ${outChannels} ${part} ${instructionSet}`;
  const { host, tiles: store } = runtime;
  const known = store.get(key);
  if (known !== undefined) return known;
  const lists = outerTiles(inChannels, outChannels, part, TILE_ROWS[instructionSet]);
  const bytes = lists.reduce((sum, { tiles }) => sum + TILE.bytes * tiles.length, 0);
  const address = host.allocate(bytes, 'the tiles of a filter gradient');
  const ints = host.ints();
  let offset = 0;
  const written = lists.map(({ kind: { quads, load, separate }, rows, tiles }) => {
    const list = {
      offset,
      count: tiles.length,
      kernel: { instructionSet, rows, rowBytes: 4 * part, quads, load, separate },
    };
    writeTiles(ints, (address + offset) / 4, tiles, outChannels, part);
    offset += TILE.bytes * tiles.length;
    return list;
  });
  const block: TileBlock = { address, bytes, lists: written };
  store.set(key, block);
  return block;
}

function pairsOf(runtime: Runtime, plan: HetConvPlan, taps: readonly Tap[], images: number): PairBlock {
  const { host, pairs: store } = runtime;
  const key = [
    images,
    plan.inHeight,
    plan.inWidth,
    plan.inChannels,
    plan.outHeight,
    plan.outWidth,
    plan.outChannels,
    plan.strideHeight,
    plan.strideWidth,
    plan.dilationHeight,
    plan.dilationWidth,
    plan.padTop,
    plan.padLeft,
    ...taps.map(({ row, col }) => `${row}/${col}`),
  ].join();
  const known = store.get(key);
  if (known !== undefined) return known;
  const { lists, bytes } = pairLayout(plan, taps, images);
  const address = host.allocate(bytes, 'a list of pixel pairs');
  writePairs(host.ints(), address / 4, plan, taps, images);
  const block: PairBlock = { address, bytes, lists };
  store.set(key, block);
  return block;
}
