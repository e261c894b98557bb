/**
 * Which input channels a filter sees through its KxK kernels: those of its own residue modulo P.
 * `n = m (mod P)` is the paper's shifted arrangement (section 3.1).
 */

/** Number of input channels m < inChannels with m = residue (mod part). */
export function residueDepth(inChannels: number, part: number, residue: number): number {
  return residue < inChannels ? Math.floor((inChannels - 1 - residue) / part) + 1 : 0;
}

/** Q = ceil(M / P): the most input channels of one residue, the middle dimension of `spatial`. */
export function maxResidueDepth(inChannels: number, part: number): number {
  return Math.ceil(inChannels / part);
}

/** Number of pairs (m, n) with m = n (mod P): the KxK kernels of a layer. M*N/P when P divides M. */
export function connectionCount(inChannels: number, outChannels: number, part: number): number {
  let pairs = 0;
  for (let residue = 0; residue < Math.min(part, outChannels); residue++) {
    pairs += residueDepth(inChannels, part, residue) * residueDepth(outChannels, part, residue);
  }
  return pairs;
}

/**
 * Channel order in which contiguous groups become residues: entry c is the grouped (block) channel that stands at
 * cyclic position c, `(c mod P) * C/P + floor(c / P)`. Gather by it to go from block to cyclic order.
 */
export function blockToCyclicOrder(channels: number, part: number): number[] {
  const groupSize = channels / part;
  return Array.from({ length: channels }, (_, c) => (c % part) * groupSize + Math.floor(c / part));
}

/** The inverse of {@link blockToCyclicOrder}: gather by it to go from cyclic back to block order. */
export function cyclicToBlockOrder(channels: number, part: number): number[] {
  const groupSize = channels / part;
  return Array.from({ length: channels }, (_, c) => (c % groupSize) * part + Math.floor(c / groupSize));
}
