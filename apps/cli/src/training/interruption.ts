/** Ctrl-C and `kill` while a training runs: the first asks it to stop where it can go on later, the second ends the process. */
import { note } from '../output/emit.ts';

const SIGNALS = ['SIGINT', 'SIGTERM'] as const;

/** Runs the work with a signal that the user's interruption aborts. */
export async function interruptible<T>(work: (signal: AbortSignal) => Promise<T>): Promise<T> {
  const abort = new AbortController();
  const release = (): void => SIGNALS.forEach((name) => process.removeListener(name, interrupt));
  const interrupt = (): void => {
    release(); // the next one does what it always does
    note('\ninterrupted: writing a checkpoint after this step (once more to stop at once)');
    abort.abort();
  };
  SIGNALS.forEach((name) => process.on(name, interrupt));
  try {
    return await work(abort.signal);
  } finally {
    release();
  }
}
