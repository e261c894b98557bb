/** The Node that runs this, stripped and compressed: a minute of work, kept for the next pack. */
import { mkdir, readFile, rm, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { writeFileAtomically } from '@hetconv/layers/node';
import { digestOf, strip, xz } from './compress.ts';

const CACHE = fileURLToPath(new URL('../node_modules/.cache/gpu-pack', import.meta.url));

/** An xz stream. */
export async function nodeBinary(): Promise<Uint8Array> {
  const kept = join(CACHE, `node-${(await digestOf(process.execPath)).slice(0, 16)}.xz`);
  if (await exists(kept)) return readFile(kept);
  await mkdir(CACHE, { recursive: true });
  const stripped = join(CACHE, `node.${process.pid}`);
  try {
    await strip(process.execPath, stripped);
    const stream = await xz(stripped, 9);
    await writeFileAtomically(kept, stream);
    return stream;
  } finally {
    await rm(stripped, { force: true });
  }
}

async function exists(file: string): Promise<boolean> {
  return stat(file).then(
    () => true,
    () => false,
  );
}
