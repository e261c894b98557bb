/** Figures of a training in words. */
import { percent } from '@hetconv/report';
import type { LogEntry, Progress } from '@hetconv/train';

/** What stands beside the progress bar. */
export function progressText({ loss, accuracy, imagesPerSecond, secondsLeft }: Progress): string {
  const left = secondsLeft === undefined ? '' : `, ${duration(secondsLeft)} left`;
  return `loss ${loss.toFixed(3)}, ${percent(accuracy)}, ${imagesPerSecond.toFixed(0)} images/s${left}`;
}

/** A line for an epoch that is done. */
export function epochText(line: LogEntry, epochs: number): string {
  return (
    `epoch ${line.epoch}/${epochs}: train ${line.loss.toFixed(4)} ${percent(line.accuracy)}, ` +
    `test ${line.testLoss.toFixed(4)} ${percent(line.testAccuracy)}, ${duration(line.seconds)}`
  );
}

export function duration(seconds: number): string {
  const [h, m, s] = [Math.floor(seconds / 3600), Math.floor(seconds / 60) % 60, Math.floor(seconds % 60)];
  return h > 0 ? `${h} h ${m} min` : m > 0 ? `${m} min ${s} s` : `${s} s`;
}
