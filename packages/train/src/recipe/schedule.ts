/** The learning rate as a pure function of the step. Times are fractions of the training, so that they scale with the epochs. */

export type ScheduleSpec =
  | { readonly kind: 'constant'; readonly learningRate: number; readonly warmup?: number }
  | {
      /** Times `factor` at each milestone. */
      readonly kind: 'step';
      readonly learningRate: number;
      /** Fractions in (0, 1), ascending. Default [0.5, 0.75], as He et al. train on CIFAR. */
      readonly milestones?: readonly number[];
      /** Default 0.1. */
      readonly factor?: number;
      /** Fraction in [0, 1) over which the rate rises linearly to where the schedule is. Default 0. */
      readonly warmup?: number;
    }
  | {
      /** Half a cosine from the rate to 0 (Loshchilov and Hutter 2017, without restarts). */
      readonly kind: 'cosine';
      readonly learningRate: number;
      readonly warmup?: number;
    }
  | {
      /** Up to the rate and down to almost nothing, on half cosines (Smith and Topin 2018; as torch's OneCycleLR, momentum fixed). */
      readonly kind: 'one-cycle';
      /** The highest rate. */
      readonly learningRate: number;
      /** Fraction in (0, 1) at which it is reached. Default 0.3. */
      readonly peak?: number;
      /** The first rate is the highest over this. Default 25. */
      readonly startDivisor?: number;
      /** The last rate is the first over this. Default 1e4. */
      readonly endDivisor?: number;
    };

/**
 * @param step from 0 to steps - 1, over the whole training
 * @returns the rate of that step; positive for `one-cycle`, never negative, at most `learningRate`
 */
export function learningRateAt(schedule: ScheduleSpec, step: number, steps: number): number {
  if (schedule.kind === 'one-cycle') return oneCycle(schedule, step, steps);
  const { kind, learningRate, warmup = 0 } = schedule;
  const rising = warmup * steps;
  const ramp = rising >= 1 ? Math.min(1, (step + 1) / rising) : 1;
  const time = step / steps;
  if (kind === 'constant') return ramp * learningRate;
  if (kind === 'cosine') return ramp * halfCosine(learningRate, 0, time);
  const { milestones = [0.5, 0.75], factor = 0.1 } = schedule;
  const passed = milestones.filter((milestone) => time >= milestone).length;
  return ramp * learningRate * factor ** passed;
}

function oneCycle(schedule: Extract<ScheduleSpec, { kind: 'one-cycle' }>, step: number, steps: number): number {
  const { learningRate, peak = 0.3, startDivisor = 25, endDivisor = 1e4 } = schedule;
  const first = learningRate / startDivisor;
  const end = Math.max(1, steps - 1);
  const top = peak * end;
  return step < top
    ? halfCosine(first, learningRate, step / top)
    : halfCosine(learningRate, first / endDivisor, (step - top) / (end - top));
}

/** From `from` at 0 to `to` at 1. */
function halfCosine(from: number, to: number, time: number): number {
  return to + ((from - to) * (1 + Math.cos(Math.PI * time))) / 2;
}
