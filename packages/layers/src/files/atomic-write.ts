/** Writes that either happen or do not: a reader sees the old file or the new one, whenever the process dies. */
import { randomUUID } from 'node:crypto';
import { open, rename, rm } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { UnsupportedError } from '@hetconv/core';

/**
 * Writes a temporary file beside the target, flushes it to the disk and renames it over the target.
 *
 * @throws UnsupportedError with the system's error as its cause (disk full, no permission); the target is as it was
 */
export async function writeFileAtomically(path: string, data: string | Uint8Array): Promise<void> {
  const temporary = join(dirname(path), `.${basename(path)}.${randomUUID()}.tmp`);
  try {
    const file = await open(temporary, 'wx');
    try {
      await file.writeFile(data);
      await file.sync();
    } finally {
      await file.close();
    }
    await rename(temporary, path);
  } catch (cause) {
    await rm(temporary, { force: true });
    throw new UnsupportedError(`Could not write ${path}: ${(cause as Error).message}. What was there is unchanged.`, {
      cause,
    });
  }
}
