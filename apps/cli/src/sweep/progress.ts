/** Progress of all jobs in one place: bars on a terminal, a line a minute elsewhere. */
import { MultiBar, Presets, type SingleBar } from 'cli-progress';
import { note } from '../output/emit.ts';
import { duration } from '../training/describe.ts';
import { fractionOf, secondsLeft } from './clock.ts';
import type { Job } from './jobs.ts';
import type { TrainProgress } from './train-process.ts';

export interface SweepProgress {
  update(job: Job, progress: TrainProgress): void;
  /** @param seconds that a job took which is done */
  end(job: Job, text: string, seconds: number | undefined): void;
  stop(): void;
}

/** Milliseconds between lines where there is no terminal. */
const LINE_INTERVAL = 60_000;

/**
 * @param total jobs of the sweep, `done` of which need nothing any more
 * @param taken seconds of those that are done
 */
export function createSweepProgress(total: number, done: number, taken: readonly number[]): SweepProgress {
  const display = process.stderr.isTTY ? bars() : lines();
  const running = new Map<Job, TrainProgress>();
  const known = [...taken];
  let ended = done;
  const overall = (): string => {
    const left = secondsLeft([...running.values()], total - ended - running.size, known);
    const rest = left === undefined || ended === total ? '' : `, about ${duration(left)} left`;
    return `${ended} of ${total} trainings have ended${rest}`;
  };
  return {
    update(job, progress) {
      running.set(job, progress);
      display.show(running, overall());
    },
    end(job, text, seconds) {
      running.delete(job);
      ended++;
      if (seconds !== undefined) known.push(seconds);
      display.say(job, `${job.name}: ${text} (${overall()})`);
    },
    stop: () => display.stop(),
  };
}

interface Display {
  show(running: ReadonlyMap<Job, TrainProgress>, overall: string): void;
  say(job: Job, line: string): void;
  stop(): void;
}

function bars(): Display {
  const format = ' {bar} {percentage} % {name} {detail}';
  const multi = new MultiBar(
    { format, stream: process.stderr, clearOnComplete: true, hideCursor: true },
    Presets.shades_classic,
  );
  const shown = new Map<Job, SingleBar>();
  return {
    show(running, overall) {
      for (const [job, progress] of running) {
        const { epoch, epochs, stage } = progress;
        const bar = shown.get(job) ?? multi.create(100, 0, { name: job.name, detail: '' });
        shown.set(job, bar);
        bar.update(Math.floor(100 * fractionOf(progress)), { detail: `epoch ${epoch}/${epochs} ${stage}; ${overall}` });
      }
    },
    say(job, line) {
      const bar = shown.get(job);
      if (bar !== undefined) multi.remove(bar);
      shown.delete(job);
      multi.log(`${line}\n`);
      multi.update();
    },
    stop: () => multi.stop(),
  };
}

function lines(): Display {
  let last = performance.now();
  return {
    show(running, overall) {
      if (performance.now() - last < LINE_INTERVAL) return;
      last = performance.now();
      const jobs = [...running].map(([{ name }, one]) => `${name} epoch ${one.epoch}/${one.epochs}`);
      note(`${overall}; ${jobs.join(', ')}`);
    },
    say: (_job, line) => note(line),
    stop: () => {},
  };
}
