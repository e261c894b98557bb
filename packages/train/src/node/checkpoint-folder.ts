/** Checkpoints as files of a folder, each written whole or not at all. */
import { mkdir, readFile } from 'node:fs/promises';
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
  return {
    async save(checkpoint, kind) {
      await mkdir(folder, { recursive: true });
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
