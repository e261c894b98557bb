/** The files of a training's folder that a sweep needs to have it as if it had been trained there. */
import { createHash } from 'node:crypto';
import { mkdir, readdir, readFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { writeFileAtomically } from '@hetconv/layers/node';
import { CHECKPOINT_FILES } from '@hetconv/train/node';
import { CheckFailedError } from '../output/failure.ts';
import { WEIGHTS_FOLDER } from '../training/resolve-weights.ts';

/** Below the folder. The last one makes the training count as done. */
export async function filesOf(folder: string): Promise<string[]> {
  const weights = await readdir(join(folder, WEIGHTS_FOLDER));
  return [
    'training.json',
    'recipe.json',
    'log.jsonl',
    'curves.html',
    ...weights.filter((name) => !name.startsWith('.')).map((name) => `${WEIGHTS_FOLDER}/${name}`),
    CHECKPOINT_FILES.last,
  ];
}

export async function readWithDigest(folder: string, path: string): Promise<{ bytes: Buffer; sha256: string }> {
  const bytes = await readFile(join(folder, path));
  return { bytes, sha256: digestOf(bytes) };
}

/** @throws CheckFailedError for a path that leads elsewhere, or bytes that are not those that were sent */
export async function writeChecked(folder: string, path: string, bytes: Buffer | null, sha256: string): Promise<void> {
  if (!/^(?:weights\/)?[A-Za-z0-9][\w.-]*$/.test(path))
    throw new CheckFailedError(`a worker sent a file called '${path}'`);
  if (bytes === null || digestOf(bytes) !== sha256)
    throw new CheckFailedError(`${path} of a worker ${bytes === null ? 'is not there any more' : 'came damaged'}`);
  const target = join(folder, path);
  await mkdir(dirname(target), { recursive: true });
  await writeFileAtomically(target, bytes);
}

function digestOf(bytes: Buffer): string {
  return createHash('sha256').update(bytes).digest('hex');
}
