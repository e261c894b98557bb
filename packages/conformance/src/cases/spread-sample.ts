/** Some of a long list: evenly spread, and yet in step with none of its periods. */
import { createRandom } from '@hetconv/core';

/**
 * `count` entries in the order of the list; all of them where it has no more. One is drawn from each of `count` stretches of equal
 * length: every k-th entry of nested loops might always have the same channels.
 */
export function spreadSample<T>(list: readonly T[], count: number, seed: number): T[] {
  if (list.length <= count) return [...list];
  const random = createRandom(`${seed}/sample`);
  return Array.from({ length: count }, (_, i) => list[Math.floor(((i + random.uniform()) * list.length) / count)]);
}
