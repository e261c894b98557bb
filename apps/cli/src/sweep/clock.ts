/** How long a sweep will still take, from what its jobs have taken. */
import type { TrainProgress } from './train-process.ts';

/** The part of a training that is done. */
export function fractionOf({ stage, epoch, epochs, step, steps }: TrainProgress): number {
  return (epoch - 1 + (stage === 'train' ? step / steps : 1)) / epochs;
}

/**
 * @param running progress of the jobs under way
 * @param waiting how many have not begun
 * @param done seconds of those that are done
 * @returns seconds; undefined before there is anything to go by
 */
export function secondsLeft(
  running: readonly TrainProgress[],
  waiting: number,
  done: readonly number[],
): number | undefined {
  const left = running.flatMap((one) => (one.secondsLeft === undefined ? [] : [one.secondsLeft]));
  if (left.length < running.length) return undefined;
  const whole = running.flatMap((one) => {
    const rest = 1 - fractionOf(one);
    return one.secondsLeft === undefined || rest === 0 ? [] : [one.secondsLeft / rest];
  });
  const known = [...done, ...whole];
  if (waiting > 0 && known.length === 0) return undefined;
  const mean = known.length === 0 ? 0 : sum(known) / known.length;
  return Math.max(0, ...left, (sum(left) + waiting * mean) / Math.max(1, running.length));
}

function sum(values: readonly number[]): number {
  return values.reduce((total, value) => total + value, 0);
}
