/** Sizes in which device memory is kept: four steps to a power of two, so that at most a fifth of a block lies idle. */

/** The driver aligns allocations to this. */
const LEAST = 256;

/** The size of the block that serves a request. */
export function sizeClass(bytes: number): number {
  if (bytes <= LEAST) return LEAST;
  const power = 2 ** Math.floor(Math.log2(bytes - 1));
  const step = Math.max(LEAST, power / 4);
  return Math.ceil(bytes / step) * step;
}
