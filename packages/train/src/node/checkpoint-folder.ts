/** Checkpoints as files of a folder, each written whole or not at all. */
import { mkdir, readdir, readFile, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { writeFileAtomically } from '@hetconv/layers/node';
import type { CheckpointStore } from '../loop/options.ts';
import type { Checkpoint } from '../state/checkpoint.ts';
import { decodeCheckpoint, encodeCheckpoint } from '../state/safetensors.ts';

/** File names, by kind. */
export const CHECKPOINT_FILES: Readonly<Record<'last' | 'best', string>> = {
  last: 'checkpoint.safetensors',
  best: 'best.safetensors',
};

/**
 * @returns a store that keeps the last and the best checkpoint in the folder. `save` throws UnsupportedError where the disk
 *   refuses (full, no permission); what was saved before is then as it was
 */
export function checkpointFolder(folder: string): CheckpointStore {
  let isSwept = false;
  return {
    async save(checkpoint, kind) {
      await mkdir(folder, { recursive: true });
      if (!isSwept) await sweep(folder);
      isSwept = true;
      await writeFileAtomically(join(folder, CHECKPOINT_FILES[kind]), await encodeCheckpoint(checkpoint));
    },
  };
}

/**
 * @returns undefined where there is none
 * @throws TrainingError where it is damaged
 */
export async function loadCheckpoint(folder: string, kind: 'last' | 'best' = 'last'): Promise<Checkpoint | undefined> {
  const path = join(folder, CHECKPOINT_FILES[kind]);
  let bytes: Buffer;
  try {
    bytes = await readFile(path);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
    throw error;
  }
  return decodeCheckpoint(new Uint8Array(bytes), path);
}

/** Removes what processes left that were killed while they wrote. */
async function sweep(folder: string): Promise<void> {
  const names = Object.values(CHECKPOINT_FILES);
  const isHalf = (file: string): boolean => file.endsWith('.tmp') && names.some((name) => file.startsWith(`.${name}.`));
  const halves = (await readdir(folder)).filter(isHalf);
  await Promise.all(halves.map((file) => rm(join(folder, file), { force: true })));
}
