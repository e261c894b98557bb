/**
 * The comparator. Finite values must lie within the derived bound, and be exactly equal where the case says so; NaN must
 * meet NaN, and an infinity the same infinity. Nothing is relative to a chosen epsilon.
 */
import { errorRatio, SMALLEST_NORMAL } from '@hetconv/core';
import type { Expected } from '../oracle/expected.ts';

/** Why a case failed; its message is what the report shows. */
export class Mismatch extends Error {
  override readonly name = 'Mismatch';
}

/**
 * @param what names the result in the message
 * @param exact true for integer-valued cases
 * @returns the worst error in units of u * sum|product|
 * @throws Mismatch describing the worst element
 */
export function compare(what: string, actual: ArrayLike<number>, expected: Expected, exact: boolean): number {
  const { values, bounds, magnitudes, allowances } = expected;
  if (actual.length !== values.length) {
    throw new Mismatch(`${what}: ${actual.length} values instead of ${values.length}.`);
  }
  let worstRatio = 0;
  let wrong = 0;
  let worst = { index: -1, excess: -1 };
  for (let i = 0; i < values.length; i++) {
    const excess = excessOf(actual[i], values[i], exact ? 0 : bounds[i]);
    if (excess > 0) wrong++;
    if (excess > worst.excess) worst = { index: i, excess };
    const error = Math.abs(actual[i] - values[i]);
    if (Number.isFinite(error)) worstRatio = Math.max(worstRatio, ratioOf(error - allowances[i], magnitudes[i]));
  }
  if (wrong > 0) throw new Mismatch(describe(what, actual, expected, worst.index, wrong, exact));
  return worstRatio;
}

/**
 * The numbers that a device without subnormals may give in place of these: 0, but only where the exact result is subnormal.
 *
 * @returns `actual`, with such zeros replaced by what they stand for
 */
export function unflushed(actual: ArrayLike<number>, { values }: Expected): Float64Array {
  return Float64Array.from(actual, (value, i) =>
    value === 0 && Math.abs(values[i]) < SMALLEST_NORMAL ? values[i] : value,
  );
}

/** @throws Mismatch */
export function compareShape(what: string, actual: readonly number[], expected: readonly number[]): void {
  if (actual.join() !== expected.join()) {
    throw new Mismatch(`${what}: shape [${actual.join(', ')}] instead of [${expected.join(', ')}].`);
  }
}

/** How far beyond what is allowed, in units of the bound; 0 where it is allowed, Infinity where a class of value is wrong. */
function excessOf(actual: number, expected: number, bound: number): number {
  if (Number.isNaN(expected)) return Number.isNaN(actual) ? 0 : Infinity;
  if (actual === expected) return 0;
  const error = Math.abs(actual - expected);
  if (!Number.isFinite(error)) return Infinity;
  return error <= bound ? 0 : error / Math.max(bound, Number.MIN_VALUE);
}

/** Magnitudes that a special value has made infinite say nothing about rounding. */
function ratioOf(error: number, magnitude: number): number {
  return Number.isFinite(magnitude) ? errorRatio(Math.max(0, error), magnitude) : 0;
}

function describe(
  what: string,
  actual: ArrayLike<number>,
  expected: Expected,
  index: number,
  wrong: number,
  exact: boolean,
): string {
  const error = Math.abs(actual[index] - expected.values[index]);
  const rule = exact
    ? 'must be exactly equal'
    : `error ${error.toPrecision(3)}, bound ${expected.bounds[index].toPrecision(3)}`;
  return (
    `${what}: ${wrong} of ${expected.values.length} values are wrong; worst at ` +
    `[${coordinates(index, expected.shape).join(', ')}]: ${actual[index]} instead of ${expected.values[index]} (${rule}).`
  );
}

function coordinates(index: number, shape: readonly number[]): number[] {
  const result: number[] = [];
  let rest = index;
  for (const side of shape.toReversed()) {
    result.unshift(rest % side);
    rest = Math.floor(rest / side);
  }
  return result;
}
