/** Compression by the tools of the machine that packs, and pieces of a size that can be carried. */
import { execFile } from 'node:child_process';
import { createHash } from 'node:crypto';
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { promisify } from 'node:util';
import type { PackItem } from './manifest.ts';

const run = promisify(execFile);

/** An xz stream of a file. @param level 9 gains where a file is larger than the 8 MiB that level 6 looks back */
export async function xz(file: string, level: 6 | 9 = 6): Promise<Uint8Array> {
  return output('xz', [`-${level}`, '--threads=1', '--stdout', '--keep', file]);
}

/** An xz stream of a tar of a folder's content; the same bytes for the same files. */
export async function tarXz(folder: string): Promise<Uint8Array> {
  const same = ['--sort=name', '--mtime=@0', '--owner=0', '--group=0', '--numeric-owner'];
  return output('tar', [...same, '--use-compress-program=xz -6 --threads=1', '-C', folder, '-c', '.']);
}

/** Debug information and symbols are a fifth of Node. */
export async function strip(file: string, to: string): Promise<void> {
  await command('strip', ['-o', to, file]);
}

/**
 * Writes one item into the pack, in pieces of at most `most` bytes.
 *
 * @param name of the file; where it takes several, each has its number behind it
 * @param folderFor where a piece of so many bytes goes, below `pack`
 */
export async function writePieces(
  pack: string,
  name: string,
  bytes: Uint8Array,
  most: number,
  folderFor: (bytes: number) => string = () => '.',
): Promise<Pick<PackItem, 'pieces' | 'sha256'>> {
  const count = Math.max(1, Math.ceil(bytes.length / most));
  const pieces: string[] = [];
  for (let i = 0; i < count; i++) {
    const content = bytes.subarray(i * most, (i + 1) * most);
    const piece = join(folderFor(content.length), count === 1 ? name : `${name}.${i}`);
    await mkdir(dirname(join(pack, piece)), { recursive: true });
    await writeFile(join(pack, piece), content);
    pieces.push(piece);
  }
  return { pieces, sha256: createHash('sha256').update(bytes).digest('hex') };
}

export async function digestOf(file: string): Promise<string> {
  return createHash('sha256')
    .update(await readFile(file))
    .digest('hex');
}

async function output(file: string, args: readonly string[]): Promise<Uint8Array> {
  return (await command(file, args)).stdout;
}

async function command(file: string, args: readonly string[]): Promise<{ readonly stdout: Buffer }> {
  try {
    return await run(file, args, { encoding: 'buffer', maxBuffer: 2 ** 30 });
  } catch (cause) {
    if ((cause as NodeJS.ErrnoException).code !== 'ENOENT') throw cause;
    throw new Error(`'${file}' is needed to make a pack, and is not installed (Debian: binutils, tar, xz-utils).`, {
      cause,
    });
  }
}
