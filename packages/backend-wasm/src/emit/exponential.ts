/**
 * e^t - 1 of two doubles at once, for activations of float32 values: about 2^-40 of relative error for every t, also
 * near 0, so that what is rounded to float32 afterwards is as good as correctly rounded.
 */
import { type Local, type Scope, sequence } from '../assembler/control.ts';
import type { Code } from '../assembler/encoding.ts';
import { f64x2, i64x2 } from '../assembler/instructions.ts';

/** Beyond these, e^t is 0 or infinite in float32. */
const [LEAST, MOST] = [-150, 130];
/** Terms of the Taylor series of e^r - 1, |r| <= ln(2)/2: the next one is below 2^-40 of the sum. */
const TERMS = 10;
/** Adding it leaves k + 1023, the exponent of 2^k, in the low bits of the double. */
const EXPONENT_IN_LOW_BITS = 1.5 * 2 ** 52 + 1023;

/** Code that replaces t by e^t - 1; NaN stays. */
export function expm1(scope: Scope, t: Local): Code {
  const [k, power] = scope.many('v128', 2);
  let series = f64x2.constant(1 / factorial(TERMS));
  for (let n = TERMS - 1; n >= 1; n--) {
    series = f64x2.add(f64x2.mul(series, t.get), f64x2.constant(1 / factorial(n)));
  }
  return sequence(
    t.set(f64x2.pmin(f64x2.pmax(t.get, f64x2.constant(LEAST)), f64x2.constant(MOST))),
    k.set(f64x2.nearest(f64x2.mul(t.get, f64x2.constant(Math.LOG2E)))),
    power.set(i64x2.shiftLeft(f64x2.add(k.get, f64x2.constant(EXPONENT_IN_LOW_BITS)), 52)),
    t.set(f64x2.sub(t.get, f64x2.mul(k.get, f64x2.constant(Math.LN2)))),
    t.set(f64x2.mul(series, t.get)), // e^r - 1
    t.set(f64x2.add(f64x2.mul(power.get, t.get), f64x2.sub(power.get, f64x2.constant(1)))),
  );
}

const factorial = (n: number): number => (n <= 1 ? 1 : n * factorial(n - 1));
