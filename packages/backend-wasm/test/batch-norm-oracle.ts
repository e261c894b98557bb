/** Batch normalisation in training and its gradients in float64, with bounds on what float32 kernels may differ by. */

/** Values with what each may be off by. */
export interface Bounded {
  readonly values: Float64Array;
  readonly bounds: Float64Array;
}

export interface Problem {
  readonly rows: number;
  readonly channels: number;
  readonly x: Float32Array;
  readonly gamma: Float32Array;
  readonly beta: Float32Array;
  readonly epsilon: number;
  readonly dy: Float32Array;
  readonly dMean: Float32Array;
  readonly dVariance: Float32Array;
}

export type Result = 'y' | 'mean' | 'variance' | 'dx' | 'dGamma' | 'dBeta';

const U = 2 ** -24;
/** What products of two rounding errors add, far more than they are. */
const SECOND_ORDER = 1 + 2 ** -18;
const LEAST = 2 ** -126;

const bounded = (size: number): Bounded => ({ values: new Float64Array(size), bounds: new Float64Array(size) });
const total = (values: readonly number[]): number => values.reduce((sum, value) => sum + value, 0);

/**
 * The bounds assume sums in double precision (n steps of 2^-53), a mean and a variance that are stored in float32, and one
 * rounding for each float32 operation of `normalization-kernel.ts`.
 */
export function oracle({
  rows,
  channels,
  x,
  gamma,
  beta,
  epsilon,
  dy,
  dMean,
  dVariance,
}: Problem): Record<Result, Bounded> {
  const large = (): Bounded => bounded(rows * channels);
  const small = (): Bounded => bounded(channels);
  const result = { y: large(), mean: small(), variance: small(), dx: large(), dGamma: small(), dBeta: small() };
  const put = (into: Bounded, at: number, value: number, bound: number): void => {
    into.values[at] = value;
    into.bounds[at] = SECOND_ORDER * bound + LEAST;
  };
  const wide = (rows + 8) * 2 ** -53;
  for (let c = 0; c < channels; c++) {
    const column = (values: Float32Array): number[] => Array.from({ length: rows }, (_, r) => values[r * channels + c]);
    const [xs, dys] = [column(x), column(dy)];
    const mean = total(xs) / rows;
    const absolute = total(xs.map(Math.abs)) / rows;
    const centred = xs.map((value) => value - mean);
    const variance = total(centred.map((value) => value * value)) / rows;
    const root = 1 / Math.sqrt(variance + epsilon);
    const factor = gamma[c] * root;
    put(result.mean, c, mean, U * Math.abs(mean) + wide * absolute);
    put(result.variance, c, variance, (U + 2 * wide) * variance + (wide * absolute) ** 2);

    const sum = total(dys);
    const moment = total(dys.map((value, r) => value * centred[r]));
    const absoluteSum = total(dys.map(Math.abs));
    const absoluteMoment = total(dys.map((value, r) => Math.abs(value * centred[r])));
    const meanOff = U * Math.abs(mean) + wide * absolute;
    const momentOff = meanOff * Math.abs(sum) + wide * absoluteMoment;
    put(result.dBeta, c, sum, U * Math.abs(sum) + wide * absoluteSum);
    put(result.dGamma, c, root * moment, root * momentOff + 1.5 * U * Math.abs(root * moment));

    const slopes = [(-factor * root * root * moment) / rows, (2 * dVariance[c]) / rows];
    const offsets = [(-factor * sum) / rows, dMean[c] / rows];
    const slope = Math.abs(slopes[0]) + Math.abs(slopes[1]);
    const offset = Math.abs(offsets[0]) + Math.abs(offsets[1]);
    const slopeOff = Math.abs((factor * root * root) / rows) * momentOff + 2.5 * U * slope;
    for (let r = 0; r < rows; r++) {
      const at = r * channels + c;
      const value = factor * centred[r] + beta[c];
      // difference, factor, product; then the sum; the mean's own rounding moves all of them
      const off =
        3 * U * Math.abs(factor * centred[r]) + Math.abs(factor) * meanOff + U * (Math.abs(value) + Math.abs(beta[c]));
      put(result.y, at, value, off);
      const direct = factor * dys[r];
      const terms = direct + centred[r] * (slopes[0] + slopes[1]) + offsets[0] + offsets[1];
      const bound =
        3.5 * U * Math.abs(direct) +
        Math.abs(centred[r]) * (slopeOff + 4 * U * slope) +
        meanOff * slope +
        4.5 * U * offset +
        (wide * Math.abs(factor) * absoluteSum) / rows;
      put(result.dx, at, terms, bound);
    }
  }
  return result;
}

/** The largest error as a share of its bound; infinite where a value is not a number. */
export function worst(actual: ArrayLike<number>, { values, bounds }: Bounded): number {
  let most = 0;
  for (let i = 0; i < values.length; i++) {
    const share = Math.abs(actual[i] - values[i]) / bounds[i];
    most = Math.max(most, Number.isNaN(share) ? Infinity : share);
  }
  return actual.length === values.length ? most : Infinity;
}
