/** One process builds, the others wait for what it makes. */
import { mkdirSync, rmSync, statSync } from 'node:fs';
import { setTimeout } from 'node:timers/promises';

/** A lock of this age was left behind by a process that is gone. */
const STALE_MS = 300_000;

/** Runs `make` while holding the folder `lock`; returns at once when `isMade` says that another has done it. */
export async function withLock(lock: string, isMade: () => boolean, make: () => Promise<void>): Promise<void> {
  while (!take(lock)) {
    if (isMade()) return;
    await setTimeout(100);
  }
  try {
    if (!isMade()) await make();
  } finally {
    rmSync(lock, { recursive: true, force: true });
  }
}

function take(lock: string): boolean {
  try {
    mkdirSync(lock);
    return true;
  } catch {
    const age = ageOf(lock);
    if (age !== undefined && age > STALE_MS) rmSync(lock, { recursive: true, force: true });
    return false;
  }
}

function ageOf(lock: string): number | undefined {
  const stats = statSync(lock, { throwIfNoEntry: false });
  return stats === undefined ? undefined : Date.now() - stats.mtimeMs;
}
