/**
 * A sweep or a worker that has started this process with a channel to it: it is told how far the training is, and when it is gone, or
 * hangs up, the training stops. Without such a parent nothing here does anything.
 */
import type { Progress } from '@hetconv/train';

/** Milliseconds between two messages: a step may take one. */
const INTERVAL = 500;

/** Set for processes that a sweep starts: process managers have channels to theirs, too, and mean something else by them. */
export const PARENT_VARIABLE = 'HETCONV_PARENT';

/** Node leaves `send` there when the channel is closed. */
export function hasParent(): boolean {
  return process.env[PARENT_VARIABLE] !== undefined && process.send !== undefined;
}

let told = -Infinity;

export function tellParent(progress: Progress): void {
  const isLast = progress.step === progress.steps;
  if (!hasParent() || !process.connected || (!isLast && performance.now() - told < INTERVAL)) return;
  told = performance.now();
  process.send?.(progress, undefined, {}, () => {}); // it may go away at any time
}

/** Calls back once the parent is gone, at once where it has gone already. @returns what stops listening */
export function onParentGone(callback: () => void): () => void {
  if (!hasParent()) return () => {};
  process.once('disconnect', callback);
  process.channel?.unref(); // listening alone keeps no process running
  if (!process.connected) setImmediate(callback);
  return () => process.removeListener('disconnect', callback);
}
