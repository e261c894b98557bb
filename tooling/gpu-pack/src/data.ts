/** A training set that travels with the pack: its files, compressed, in groups that fit into a transfer. */
import { readFile } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { DATASETS, type DatasetId } from '@hetconv/datasets';
import { locateDataset } from '@hetconv/datasets/node';
import { writePieces, xz } from './compress.ts';
import type { PackItem } from './manifest.ts';

export interface PackedData {
  readonly id: DatasetId;
  readonly items: readonly PackItem[];
}

/** @param value `cifar10:FOLDER` */
export function parseData(value: string): { readonly id: DatasetId; readonly folder: string } {
  const ids = Object.keys(DATASETS) as DatasetId[];
  const [name, ...rest] = value.split(':');
  const id = ids.find((known) => known === name);
  if (id === undefined || rest.length === 0) {
    throw new RangeError(`--data: '${value}' must be one of ${ids.join(', ')}, with :FOLDER`);
  }
  return { id, folder: rest.join(':') };
}

/**
 * Writes `data-1`, `data-2`, ... into the pack, each of at most `most` bytes.
 *
 * @throws DataNotFoundError
 */
export async function packData(pack: string, value: string, most: number): Promise<PackedData> {
  const { id, folder } = parseData(value);
  const folderFor = groups(most);
  const items: PackItem[] = [];
  for (const split of ['train', 'test'] as const) {
    const { files } = await locateDataset(id, split, { data: folder });
    for (const { path } of files) {
      const isPacked = path.endsWith('.gz'); // is read as it is
      const name = basename(path);
      const bytes = isPacked ? await readFile(path) : await xz(path);
      items.push({
        kind: 'file',
        optional: true,
        into: join('data', id, name),
        ...(await writePieces(pack, isPacked ? name : `${name}.xz`, bytes, most, folderFor)),
        compression: isPacked ? 'plain' : 'xz',
        executable: false,
      });
    }
  }
  return { id, items };
}

/** Folders that are filled one after the other. */
function groups(most: number): (bytes: number) => string {
  let [group, room] = [1, most];
  return (bytes) => {
    if (bytes > room) [group, room] = [group + 1, most];
    room -= bytes;
    return `data-${group}`;
  };
}
