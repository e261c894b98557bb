/**
 * The statements of the inner loops: source quads times blocks of weights, into a thread's sums. Sums are named variables
 * (`sum_R_J` for the thread's R-th position and J-th quad), because arrays indexed in loops leave the registers.
 */
import { each, type Tile } from './shape.ts';

/** Multiplies a source quad `x` with what was read of the weights. */
export type Product = (weights: string) => string;

export const splatProduct: Product = (w) => `${w}[0] * x.x + ${w}[1] * x.y + ${w}[2] * x.z + ${w}[3] * x.w`;
export const pairProduct: Product = (w) => `${w}[0] * x.xyxy + ${w}[1] * x.zwzw`;
export const quadProduct: Product = (w) => `${w} * x`;

export function declareSums({ positionsPerThread, quadsPerThread }: Tile): string {
  return each(positionsPerThread, (r) => each(quadsPerThread, (j) => `var sum_${r}_${j} = vec4<f32>(0.0);`));
}

/** Which of the thread's quads a statement is about. */
export function allQuads({ quadsPerThread }: Tile): readonly number[] {
  return Array.from({ length: quadsPerThread }, (_, j) => j);
}

/**
 * For every position r of the thread: reads its quad `x`, adds its product to the sums of `quads`. Weights are in `w_J`.
 *
 * @param read the expression of x, given r
 * @param masked true where some positions read padding (`pixel_R` is -1): those are passed over
 */
export function accumulate(
  tile: Tile,
  quads: readonly number[],
  read: (r: number) => string,
  product: Product,
  masked: boolean,
): string {
  return each(tile.positionsPerThread, (r) => {
    const term = (j: number): string =>
      masked ? `select(vec4<f32>(0.0), ${product(`w_${j}`)}, pixel_${r} >= 0)` : product(`w_${j}`);
    return `{ let x = ${read(r)}; ${quads.map((j) => `sum_${r}_${j} += ${term(j)};`).join(' ')} }`;
  });
}

/** Runs `body` plainly where all positions of the thread read inside the source, masked where some do, not at all where none does. */
export function bySight(tile: Tile, body: (masked: boolean) => string): string {
  const fold = (call: 'min' | 'max'): string =>
    Array.from({ length: tile.positionsPerThread }, (_, r) => `pixel_${r}`).reduce(
      (all, one) => `${call}(${all}, ${one})`,
    );
  return `
    if (${fold('min')} >= 0) { ${body(false)} }
    else if (${fold('max')} >= 0) { ${body(true)} }`;
}
