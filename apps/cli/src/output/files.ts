/** Writing reports so that an interrupted run never leaves half of one, or loses the one before. */
import { mkdirSync, renameSync, writeFileSync } from 'node:fs';
import { dirname, resolve } from 'node:path';

/** Writes a file whole or not at all, making its folder. @returns the absolute path */
export function writeAtomically(path: string, content: string): string {
  const target = resolve(path);
  mkdirSync(dirname(target), { recursive: true });
  const temporary = `${target}.${process.pid}.tmp`;
  writeFileSync(temporary, content);
  renameSync(temporary, target);
  return target;
}
