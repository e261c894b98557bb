/**
 * One process at a time trains into a folder. The lock is a file that names its process. On the same system it is free as soon as
 * that process is gone, however it ended; from another one (a network drive, another container) once it has given no sign for a while.
 */
import { randomUUID } from 'node:crypto';
import { readFileSync, readlinkSync } from 'node:fs';
import { constants, copyFile, link, mkdir, readFile, rm, stat, utimes, writeFile } from 'node:fs/promises';
import { hostname } from 'node:os';
import { join } from 'node:path';
import { setTimeout } from 'node:timers/promises';
import { TrainingError } from '../errors.ts';

const FILE = 'training.lock';

/** Between signs of life, and without one for so long a holder elsewhere counts as dead. Milliseconds. */
const BEAT = 15_000;
const SILENCE = 120_000;

/** Of several who find the lock of a dead process, at most. */
const ATTEMPTS = 100;

interface Holder {
  readonly host: string;
  /** Where process numbers mean the same processes: the boot and the PID namespace on Linux, else the host. */
  readonly place: string;
  readonly pid: number;
  /** When the process started, where the system tells: process numbers are used again. */
  readonly started: string;
  /** Of this very lock. */
  readonly id: string;
}

/** A lock that is just being copied, or was cut short: nobody knows whose, so that only its age tells. */
const UNREADABLE: Holder = { host: 'an unknown machine', place: '', pid: 0, started: '', id: '' };

export interface FolderLock {
  /** @throws TrainingError where the lock is no longer ours: this process was silent for too long, or the file was removed */
  verify(): Promise<void>;
  release(): Promise<void>;
}

/** @throws TrainingError naming the process that trains into the folder */
export async function lockFolder(folder: string): Promise<FolderLock> {
  await mkdir(folder, { recursive: true });
  const path = join(folder, FILE);
  const own: Holder = {
    host: hostname(),
    place: placeName(),
    pid: process.pid,
    started: startOf(process.pid),
    id: randomUUID(),
  };
  const draft = join(folder, `.${FILE}.${own.id}.tmp`);
  await writeFile(draft, `${JSON.stringify(own)}\n`);
  try {
    for (let attempt = 0; !(await take(draft, path)); attempt++) {
      const holder = await folderHolder(folder);
      if (holder !== undefined || attempt === ATTEMPTS) {
        throw new TrainingError(
          'folder-in-use',
          `${folder}: ${holder ?? 'another process'} trains into it; only one can.`,
        );
      }
    }
  } finally {
    await rm(draft, { force: true });
  }
  const isOurs = async (): Promise<boolean> => (await read(path))?.id === own.id;
  const beat = setInterval(() => {
    const now = new Date();
    void isOurs().then(
      (still) => (still ? utimes(path, now, now) : undefined),
      () => {},
    );
  }, BEAT);
  beat.unref();
  return {
    async verify() {
      if (await isOurs()) return;
      throw new TrainingError('folder-in-use', `${folder}: another process has taken over ${FILE}; this one stops.`);
    },
    async release() {
      clearInterval(beat);
      if (await isOurs()) await rm(path, { force: true });
    },
  };
}

/** Who trains into a folder, in words; undefined for nobody. The lock of a dead process is removed. */
export async function folderHolder(folder: string): Promise<string | undefined> {
  const path = join(folder, FILE);
  const holder = await read(path);
  if (holder === undefined) return undefined;
  const name = `process ${holder.pid} on ${holder.host}`;
  if (holder.place === placeName()) {
    if (isRunning(holder)) return name;
  } else {
    const silence = Date.now() - ((await modified(path)) ?? 0);
    if (silence < SILENCE)
      return `${name} (last sign ${Math.round(silence / 1000)} s ago; dead after ${SILENCE / 1000} s)`;
  }
  await removeStale(path, holder);
  return undefined;
}

/** @returns false where there is one already */
async function take(draft: string, path: string): Promise<boolean> {
  try {
    await link(draft, path); // appears whole or not at all, and never over another
    return true;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'EEXIST') return false;
  }
  try {
    await copyFile(draft, path, constants.COPYFILE_EXCL); // a file system without hard links
    return true;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'EEXIST') return false;
    throw error;
  }
}

/** One at a time, by a folder that only one can make: else the second would remove the lock that the first has just put there. */
async function removeStale(path: string, stale: Holder): Promise<void> {
  const guard = `${path}.takeover`;
  try {
    await mkdir(guard);
  } catch {
    // Somebody is at it, for a moment, or has died in that moment.
    if (Date.now() - ((await modified(guard)) ?? Infinity) > SILENCE) await rm(guard, { recursive: true, force: true });
    await setTimeout(20);
    return;
  }
  try {
    if ((await read(path))?.id === stale.id) await rm(path, { force: true });
  } finally {
    await rm(guard, { recursive: true, force: true });
  }
}

async function read(path: string): Promise<Holder | undefined> {
  try {
    return JSON.parse(await readFile(path, 'utf8')) as Holder;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
    if (error instanceof SyntaxError) return UNREADABLE;
    throw error;
  }
}

async function modified(path: string): Promise<number | undefined> {
  return stat(path).then(
    ({ mtimeMs }) => mtimeMs,
    () => undefined,
  );
}

function isRunning({ pid, started }: Holder): boolean {
  try {
    process.kill(pid, 0);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ESRCH') return false;
  }
  return startOf(pid) === started;
}

/** In ticks since the boot; '' where the system does not tell, or for a process that is a zombie. */
function startOf(pid: number): string {
  try {
    const status = readFileSync(`/proc/${pid}/stat`, 'utf8');
    const fields = status.slice(status.lastIndexOf(')') + 2).split(' '); // the name before may hold anything
    return fields[0] === 'Z' ? '' : fields[19];
  } catch {
    return '';
  }
}

function placeName(): string {
  try {
    const boot = readFileSync('/proc/sys/kernel/random/boot_id', 'utf8').trim();
    return `${boot} ${readlinkSync('/proc/self/ns/pid')}`;
  } catch {
    return hostname();
  }
}
