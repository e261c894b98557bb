/** Compares the files of a set with the checksums of the catalogue. */
import { createHash } from 'node:crypto';
import { openBytes } from '../bytes/reader.ts';
import { DataFileError } from '../errors.ts';
import { fileSource } from './file-source.ts';
import type { LocatedSplit } from './locate.ts';

export interface VerifiedFile {
  readonly path: string;
  /** Of the unpacked bytes, hexadecimal. */
  readonly sha256: string;
  /** 'unlisted': the catalogue holds no checksum of this file, so that nothing was compared. */
  readonly status: 'verified' | 'unlisted';
}

/**
 * Reads every file of a split once. Gzip files are unpacked first: who packed them does not matter.
 *
 * @throws DataFileError `checksum-mismatch` at the first file that differs
 */
export async function verifyDataset({ info, files }: LocatedSplit): Promise<readonly VerifiedFile[]> {
  const verified: VerifiedFile[] = [];
  for (const { path, sha256: listed } of files) {
    const sha256 = await unpackedSha256(path);
    if (listed !== undefined && sha256 !== listed) {
      const fault = { file: path, found: `SHA-256 ${sha256}`, accepted: `${listed} (of the unpacked file)` };
      const hint = `The file is not that of ${info.title}, or it is damaged.`;
      throw new DataFileError('checksum-mismatch', { ...fault, hint });
    }
    verified.push({ path, sha256, status: listed === undefined ? 'unlisted' : 'verified' });
  }
  return verified;
}

async function unpackedSha256(path: string): Promise<string> {
  const hash = createHash('sha256');
  const bytes = await openBytes('verifyDataset', await fileSource(path));
  for await (const chunk of bytes.rest()) hash.update(chunk);
  return hash.digest('hex');
}
