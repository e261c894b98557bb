/**
 * How far a correct float32 sum may lie from the float64 oracle. Derived from the reduction length, not chosen:
 * |y - y64| <= (n + 2) * u * sum|x*w| + u*|bias| + smallest normal, for any order of summation, fused or not.
 * (The standard bound gamma_n of N. Higham, Accuracy and Stability of Numerical Algorithms, section 3.1.)
 */

/** Unit roundoff of float32. */
export const UNIT_ROUNDOFF: number = 2 ** -24;

/** Smallest positive normal float32: devices that flush subnormals may be off by it. */
export const SMALLEST_NORMAL: number = 2 ** -126;

/**
 * @param terms number of products summed
 * @param magnitude sum of |product|
 * @param bias what was added last, 0 for none
 */
export function errorBound(terms: number, magnitude: number, bias = 0): number {
  return (terms + 2) * UNIT_ROUNDOFF * magnitude + UNIT_ROUNDOFF * Math.abs(bias) + SMALLEST_NORMAL;
}

/** The error in units of u * sum|x*w|: the figure `r` of a report. Above 8 it wants a look. */
export function errorRatio(error: number, magnitude: number): number {
  return Math.max(0, error - SMALLEST_NORMAL) / Math.max(UNIT_ROUNDOFF * magnitude, SMALLEST_NORMAL);
}
