/** Runs before the measured ones: compilers, caches and clocks of a processor get faster for a while. */
import { median } from './statistics.ts';

/** Runs in each of the two windows that are compared. */
const WINDOW = 3;
/** Stable: the median of the last window is at least this much of that of the window before. */
const STABLE = 0.97;
const MAX_RUNS = 40;

/** What is timed: an async function, as an object so that it may have a name. */
interface Timed {
  run(): Promise<void>;
}

/**
 * Runs until times stop falling: until the median of the last 3 runs is less than 3 % below that of the 3 before. A machine
 * that is busy never gets steady, so that spread is no criterion; and no more than 40 runs, or `budgetMs` once there were two.
 *
 * @returns the times of the last window, in milliseconds
 */
export async function warmUp(timed: Timed, budgetMs: number, signal?: AbortSignal): Promise<readonly number[]> {
  const times: number[] = [];
  const start = performance.now();
  while (times.length < MAX_RUNS) {
    signal?.throwIfAborted();
    times.push(await time(timed));
    if (times.length >= 2 && performance.now() - start > budgetMs) break;
    if (times.length < 2 * WINDOW) continue;
    const [before, last] = [times.slice(-2 * WINDOW, -WINDOW), times.slice(-WINDOW)];
    if (median(last) >= STABLE * median(before)) break;
  }
  return times.slice(-WINDOW);
}

/** Milliseconds a run, of so many runs in a row. */
export async function time(timed: Timed, repeats = 1): Promise<number> {
  const start = performance.now();
  for (let i = 0; i < repeats; i++) await timed.run();
  return (performance.now() - start) / repeats;
}
