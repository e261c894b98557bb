/** Checkpoints as files of a folder, each written whole or not at all. */
import { type FileHandle, mkdir, open, readdir, readFile, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { writeFileAtomically } from '@hetconv/layers/node';
import type { CheckpointStore } from '../loop/options.ts';
import type { Checkpoint } from '../state/checkpoint.ts';
import {
  type CheckpointHeader,
  decodeCheckpoint,
  decodeHeader,
  encodeCheckpoint,
  headerLength,
  refuseCheckpoint,
} from '../state/safetensors.ts';

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
  const bytes = await unlessMissing(readFile(path));
  return bytes && decodeCheckpoint(new Uint8Array(bytes), path);
}

/**
 * What the last checkpoint is of and how far it is, without reading its values.
 *
 * @returns undefined where there is none
 * @throws TrainingError where it is damaged
 */
export async function readCheckpointHeader(
  folder: string,
): Promise<Pick<CheckpointHeader, 'identity' | 'progress'> | undefined> {
  const path = join(folder, CHECKPOINT_FILES.last);
  const file = await unlessMissing(open(path));
  if (file === undefined) return undefined;
  try {
    const { size } = await file.stat();
    const length = size < 8 ? Infinity : headerLength(await readBytes(file, 0, 8));
    if (length > size - 8) return refuseCheckpoint(path, `a file of ${size} bytes, shorter than its header`);
    const { identity, progress, entries } = decodeHeader(await readBytes(file, 8, length), path);
    const end = Math.max(0, ...Object.values(entries).map(({ data_offsets }) => data_offsets[1]));
    if (8 + length + end !== size)
      return refuseCheckpoint(path, `${size} bytes where there should be ${8 + length + end}`);
    return { identity, progress };
  } finally {
    await file.close();
  }
}

async function readBytes(file: FileHandle, position: number, length: number): Promise<Uint8Array> {
  const { buffer } = await file.read({ buffer: new Uint8Array(length), position });
  return buffer;
}

async function unlessMissing<T>(reading: Promise<T>): Promise<T | undefined> {
  try {
    return await reading;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
    throw error;
  }
}

/** Removes what processes left that were killed while they wrote. */
async function sweep(folder: string): Promise<void> {
  const names = Object.values(CHECKPOINT_FILES);
  const isHalf = (file: string): boolean => file.endsWith('.tmp') && names.some((name) => file.startsWith(`.${name}.`));
  const halves = (await readdir(folder)).filter(isHalf);
  await Promise.all(halves.map((file) => rm(join(folder, file), { force: true })));
}
