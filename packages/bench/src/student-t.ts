/** Quantiles of Student's t: how far an estimate from a handful of blocks may lie from the truth. */

/** Of the trapezoid rule; the integrand is smooth, so that this gives far more digits than an interval needs. */
const STEPS = 2000;

/**
 * The t that |T| exceeds with probability `outside`, two-sided: 2.776 for 0.05 and 4 degrees of freedom.
 *
 * With t = sqrt(v) tan(a) the density of T becomes cos(a)^(v-1) on (-pi/2, pi/2), up to a factor: its integral from 0, taken step by step,
 * is followed until the share 1 - outside is reached.
 *
 * @param outside in (0, 1)
 * @param freedom degrees of freedom v >= 1, not necessarily whole
 */
export function studentT(outside: number, freedom: number): number {
  if (!(outside > 0 && outside < 1)) throw new RangeError(`studentT: outside must lie in (0, 1), but was ${outside}`);
  if (!(freedom >= 1)) throw new RangeError(`studentT: freedom must be at least 1, but was ${freedom}`);
  const step = Math.PI / 2 / STEPS;
  const density = Array.from(
    { length: STEPS + 1 },
    (_, i) => Math.cos(Math.min(i * step, Math.PI / 2)) ** (freedom - 1),
  );
  const slice = (i: number): number => (density[i] + density[i + 1]) / 2;
  const whole = density.slice(0, -1).reduce((sum, _, i) => sum + slice(i), 0);
  let inside = (1 - outside) * whole;
  let i = 0;
  while (i < STEPS - 1 && inside > slice(i)) inside -= slice(i++);
  return Math.sqrt(freedom) * Math.tan((i + inside / slice(i)) * step);
}
