/** The figures of a training, a JSON document a line. */
import { open, readFile, truncate } from 'node:fs/promises';
import type { LogEntry, TrainingLog } from '../loop/options.ts';
import { TrainingError } from '../errors.ts';

export interface LogFile extends TrainingLog {
  readonly path: string;
  /** All lines so far. */
  read(): Promise<LogEntry[]>;
}

/**
 * Opens the log of a training: a new one empties the file, a resumed one cuts off what came after the checkpoint.
 *
 * @param bytes `logBytes` of the checkpoint; 0 for a new training
 * @throws TrainingError where the file is shorter than that
 */
export async function openLog(path: string, bytes: number): Promise<LogFile> {
  const file = await open(path, 'a');
  try {
    const { size } = await file.stat();
    if (size < bytes) {
      const message = `${path}: found ${size} bytes; accepted: ${bytes} or more, as the checkpoint says. Was it changed?`;
      throw new TrainingError('foreign-checkpoint', message);
    }
  } finally {
    await file.close();
  }
  await truncate(path, bytes);
  let length = bytes;
  return {
    path,
    get bytes() {
      return length;
    },
    async append(entry) {
      const line = Buffer.from(`${JSON.stringify(entry)}\n`);
      const log = await open(path, 'a');
      try {
        await log.appendFile(line);
        await log.sync();
      } finally {
        await log.close();
      }
      length += line.length;
    },
    read: () => readLog(path),
  };
}

/** All lines of a log. */
export async function readLog(path: string): Promise<LogEntry[]> {
  const text = await readFile(path, 'utf8');
  return text
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => JSON.parse(line) as LogEntry);
}
