/** Some of a long list, evenly spread and yet in step with none of its periods. */
import { createRandom } from '@hetconv/core';

/** The golden ratio's fractional part: multiples of it fall into the largest gaps between earlier ones. */
const STEP = (Math.sqrt(5) - 1) / 2;

/**
 * `count` entries in the order of the list; all of them where it has no more.
 *
 * A list of nested loops has the period of each loop: every k-th entry might always have the same channels. So places are
 * start, start + s, start + 2s, ... modulo the length, where s is close to the golden ratio of it and has no factor in common with it.
 */
export function spreadSample<T>(list: readonly T[], count: number, seed: number): T[] {
  if (list.length <= count) return [...list];
  let step = Math.round(list.length * STEP);
  while (greatestDivisor(step, list.length) > 1) step++;
  let at = createRandom(`${seed}/sample`).integer(0, list.length - 1);
  const taken: number[] = [];
  for (let i = 0; i < count; i++) {
    taken.push(at);
    at = (at + step) % list.length;
  }
  return taken.toSorted((a, b) => a - b).map((index) => list[index]);
}

function greatestDivisor(a: number, b: number): number {
  return b === 0 ? a : greatestDivisor(b, a % b);
}
