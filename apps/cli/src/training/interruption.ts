/** Ctrl-C and `kill` while long work runs: the first asks it to stop where it can go on later, the second ends the process. */
import { note } from '../output/emit.ts';
import { hasParent, onParentGone } from './parent-process.ts';

const ignore = (): void => {};

/**
 * Runs the work with a signal that the user's interruption aborts. So does the end of a parent that started this process with
 * a channel; Ctrl-C in a terminal reaches both, and is then the parent's to answer.
 *
 * @param consequence what an interruption does, for the user
 */
export async function interruptible<T>(consequence: string, work: (signal: AbortSignal) => Promise<T>): Promise<T> {
  const abort = new AbortController();
  const interrupt = (): void => {
    release(); // the next one does what it always does
    note(`\ninterrupted: ${consequence}`);
    abort.abort();
  };
  const onInterrupt = hasParent() ? ignore : interrupt;
  const forget = onParentGone(interrupt);
  const release = (): void => {
    process.removeListener('SIGINT', onInterrupt);
    process.removeListener('SIGTERM', interrupt);
    forget();
  };
  process.on('SIGINT', onInterrupt);
  process.on('SIGTERM', interrupt);
  try {
    return await work(abort.signal);
  } finally {
    release();
  }
}
