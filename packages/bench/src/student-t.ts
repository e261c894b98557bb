/**
 * Student's t: how far an estimate from a handful of blocks may lie from the truth. With t = sqrt(v) tan(a) the density of T becomes
 * cos(a)^(v-1) on (-pi/2, pi/2), up to a factor; its integral is taken step by step.
 */

/** Of the trapezoid rule; gives five digits, more than an interval needs. */
const STEPS = 2000;
const STEP = Math.PI / 2 / STEPS;

/** The mass of each step from 0 to pi/2, up to a factor. */
function masses(freedom: number): number[] {
  if (!(freedom >= 1)) throw new RangeError(`Student's t: degrees of freedom must be at least 1, but were ${freedom}`);
  const density = (i: number): number => Math.cos(Math.min(i * STEP, Math.PI / 2)) ** (freedom - 1);
  return Array.from({ length: STEPS }, (_, i) => density(i) + density(i + 1));
}

/**
 * The t that |T| exceeds with probability `outside`: 2.776 for 0.05 and 4 degrees of freedom.
 *
 * @param outside in (0, 1)
 * @param freedom degrees of freedom v >= 1, not necessarily whole
 * @throws RangeError
 */
export function studentQuantile(outside: number, freedom: number): number {
  if (!(outside > 0 && outside < 1)) throw new RangeError(`Student's t: ${outside} is no probability in (0, 1)`);
  const mass = masses(freedom);
  let inside = (1 - outside) * sum(mass);
  let i = 0;
  while (i < STEPS - 1 && inside > mass[i]) inside -= mass[i++];
  return Math.sqrt(freedom) * Math.tan((i + inside / mass[i]) * STEP);
}

/** How likely |T| exceeds t >= 0. @throws RangeError */
export function studentTail(t: number, freedom: number): number {
  const mass = masses(freedom);
  const steps = Math.atan(t / Math.sqrt(freedom)) / STEP;
  const whole = Math.min(STEPS - 1, Math.floor(steps));
  const outside = sum(mass.slice(whole)) - (steps - whole) * mass[whole];
  return Math.max(0, outside / sum(mass));
}

function sum(values: readonly number[]): number {
  return values.reduce((total, value) => total + value, 0);
}
