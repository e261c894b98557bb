/** Files as byte sources: a handle is opened when the first chunk is asked for, and closed at the end or on leaving early. */
import { createReadStream } from 'node:fs';
import { readFile, stat } from 'node:fs/promises';
import type { ByteFile } from '../bytes/source.ts';
import { DataFileError } from '../errors.ts';

const CHUNK_BYTES = 256 * 1024;

/**
 * @returns a source for any reader of this package; in messages it is called by its path
 * @throws DataFileError when there is no such file
 */
export async function fileSource(path: string): Promise<ByteFile & { readonly size: number }> {
  const status = await stat(path).catch((cause: unknown) => {
    throw unreadable(path, cause);
  });
  if (!status.isFile()) {
    const found = status.isDirectory() ? 'a folder' : 'something that is no regular file';
    throw new DataFileError('unreadable-file', { file: path, found, accepted: 'a file' });
  }
  return { name: path, size: status.size, stream: () => chunks(path) };
}

/** A whole, small file. @throws DataFileError when it cannot be read */
export async function fileBytes(path: string): Promise<Uint8Array> {
  return readFile(path).catch((cause: unknown) => {
    throw unreadable(path, cause);
  });
}

async function* chunks(path: string): AsyncGenerator<Uint8Array, void, undefined> {
  try {
    for await (const chunk of createReadStream(path, { highWaterMark: CHUNK_BYTES })) yield chunk as Uint8Array;
  } catch (cause) {
    throw unreadable(path, cause);
  }
}

function unreadable(path: string, cause: unknown): DataFileError {
  const reason = cause instanceof Error && 'code' in cause ? String(cause.code) : String(cause);
  const found = reason === 'ENOENT' ? 'no such file' : `a file that cannot be read (${reason})`;
  return new DataFileError('unreadable-file', { file: path, found, accepted: 'a readable file' }, { cause });
}
