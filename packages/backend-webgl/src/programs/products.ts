/** The two products that everything is made of, and the choices that a program of the sum is made from. */

/** How a ring texel of weights meets a texel of pixels (layout.ts). */
export type RingKind = 'lanes' | 'blocks';

/** Lanes take ring channels two by two where a residue has an even number of them; one alone (P = M) needs no loop. */
export type RingLoop = RingKind | 'lanes-odd' | 'lanes-one';

export interface SumOptions {
  readonly ring: RingLoop;
  readonly hasRing: boolean;
  /** Whether the walk goes against a stride, so that some positions meet no source. */
  readonly divides: boolean;
}

/** A dense product of 2 pixels x 2 channels with 2 channels x 2 filters. */
export function denseProduct(pixels: string, weights: string): string {
  return `${pixels}.xxzz * ${weights}.xyxy + ${pixels}.yyww * ${weights}.zwzw`;
}
