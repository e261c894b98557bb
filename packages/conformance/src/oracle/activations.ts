/**
 * Activations in float64, and how far a correct float32 one may lie from them. Piecewise-linear ones pass an error
 * on by their slope; those with an exponential add an allowance for it.
 *
 * The exponential: GLSL ES 3.0 and WGSL both grant exp(x) an error of (3 + 2|x|) ulp and a division 2.5 ulp
 * (WGSL, "Floating point accuracy"); CPU libraries stay within 1 or 2. One ulp of v is at most 2u|v|.
 */
import { type Activation, SMALLEST_NORMAL, UNIT_ROUNDOFF } from '@hetconv/core';

const ULP: number = 2 * UNIT_ROUNDOFF;

/** Beyond it, exp(-|x|) is 0 in float32. */
const EXPONENT_RANGE = 128;

/** How an activation treats a value and its error. */
export interface Activated {
  readonly value: number;
  /** Largest slope near the value: what an error before the activation is multiplied by. */
  readonly slope: number;
  /** Error of the activation itself. */
  readonly allowance: number;
}

/**
 * @param z float64 value before the activation
 * @param bound how far a float32 z may lie from it: decides whether a kink is within reach
 * @param slopeBelowZero slope of 'prelu' and 'leakyrelu'
 */
export function activate(activation: Activation, z: number, bound: number, slopeBelowZero: number): Activated {
  switch (activation) {
    case 'linear':
      return { value: z, slope: 1, allowance: 0 };
    case 'relu':
      return { value: Math.max(0, z), slope: 1, allowance: 0 };
    case 'relu6':
      return { value: Math.min(6, Math.max(0, z)), slope: 1, allowance: 0 };
    case 'prelu':
    case 'leakyrelu': {
      const below = slopeBelowZero * z;
      // Rounding of the slope to float32 and of the product.
      const allowance = z - bound < 0 ? 2 * UNIT_ROUNDOFF * Math.abs(below) + SMALLEST_NORMAL : 0;
      return { value: z < 0 ? below : z, slope: Math.max(1, Math.abs(slopeBelowZero)), allowance };
    }
    case 'elu':
      return { value: z < 0 ? Math.expm1(z) : z, slope: 1, allowance: z - bound < 0 ? eluAllowance(z) : 0 };
    default:
      return sigmoid(z);
  }
}

/** exp(z) - 1: the exponential's ulps, then the rounding of the difference. */
function eluAllowance(z: number): number {
  const below = Math.min(0, z);
  return exponentialUlps(below) * ULP * Math.exp(below) + UNIT_ROUNDOFF * Math.abs(Math.expm1(below));
}

/** 1 / (1 + e), e = exp(-z): s changes by s(1 - s) per relative change of e; then one addition and one division. */
function sigmoid(z: number): Activated {
  const value = 1 / (1 + Math.exp(-z));
  const fromExponential = value * (1 - value) * exponentialUlps(z) * ULP;
  return { value, slope: 0.25, allowance: fromExponential + value * (UNIT_ROUNDOFF + 2.5 * ULP) + SMALLEST_NORMAL };
}

function exponentialUlps(x: number): number {
  return 3 + 2 * Math.min(Math.abs(x), EXPONENT_RANGE);
}
