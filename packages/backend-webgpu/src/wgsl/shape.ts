/** What a shader's text depends on. Everything else - sizes, strides, paddings, P - is a uniform, so that pipelines are few. */
import type { Activation } from '@hetconv/core';

/**
 * How the ring's source vector is formed from four neighbouring source channels k..k+3, for four neighbouring result
 * channels c..c+3. `n = m (mod P)` decides which channels meet:
 *
 * | ring     | P                            | a source quad x serves                                   |
 * | -------- | ---------------------------- | -------------------------------------------------------- |
 * | `none`   | any, 1x1 kernels             | there is no ring                                         |
 * | `splat`  | 1                            | 4 rows of weights: x.xxxx, x.yyyy, x.zzzz, x.wwww        |
 * | `pair`   | 2                            | 2 rows: x.xyxy, x.zwzw                                   |
 * | `four`   | 4                            | 1 row: x, and all result quads read the same x           |
 * | `quad`   | multiples of 4, see `quadPart` | 1 row: x; all quads of one thread read the same x      |
 * | `wide`   | other multiples of 4         | 1 row: x; each quad reads its own x                      |
 * | `gather` | the rest (3, 5, 6, 7, ...)   | lane by lane                                             |
 */
export type Ring = 'none' | 'splat' | 'pair' | 'four' | 'quad' | 'wide' | 'gather';

/** `vec4`: M and N are multiples of 4 and every buffer is one of vec4s. `scalar`: any M and N. */
export type Lanes = 'vec4' | 'scalar';

/** Threads of a workgroup and what each of them sums. */
export interface Tile {
  /** Threads along the result's channels. Neighbouring threads take neighbouring quads of channels. */
  readonly across: number;
  /** Threads along positions (or, in filter gradients, along input channels). */
  readonly down: number;
  readonly positionsPerThread: number;
  /** Groups of 4 channels per thread. */
  readonly quadsPerThread: number;
}

export function tilePositions({ down, positionsPerThread }: Tile): number {
  return down * positionsPerThread;
}

export function tileChannels({ across, quadsPerThread }: Tile): number {
  return across * quadsPerThread * 4;
}

/** The P that make a thread's quads, which lie `4 * across` channels apart, read the same source channels: its divisors. */
export function quadPart({ across }: Tile): number {
  return 4 * across;
}

/** What follows the sum. */
export interface EpilogueText {
  readonly hasBias: boolean;
  readonly activation: Activation;
}

/** Concatenates pieces of text, one per index. */
export function each(count: number, piece: (index: number) => string): string {
  return Array.from({ length: count }, (_, index) => piece(index)).join('\n');
}
