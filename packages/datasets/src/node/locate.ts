/** Finds the files of a public set in a folder that the user names, by `--data` or by HETCONV_DATA. Reads none of them. */
import { stat } from 'node:fs/promises';
import { join } from 'node:path';
import { type DatasetFile, type DatasetId, type DatasetInfo, DATASETS, type Split } from '../catalogue/datasets.ts';
import { guidance } from '../catalogue/guidance.ts';
import { DataNotFoundError, DatasetArgumentError } from '../errors.ts';

export interface DataOptions {
  /** The folder, e.g. the value of `--data`: of one set, or with sets in subfolders. Default: the variable HETCONV_DATA. */
  readonly data?: string | undefined;
  /** Default `process.env`. */
  readonly env?: Readonly<Record<string, string | undefined>>;
}

export interface LocatedFile extends DatasetFile {
  readonly path: string;
}

/** One split of a set, with all its files. */
export interface LocatedSplit {
  readonly info: DatasetInfo;
  readonly split: Split;
  readonly folder: string;
  readonly files: readonly LocatedFile[];
}

/** The folder that was named, if any: `data`, else HETCONV_DATA. An empty string names none. */
export function dataFolder({ data, env = process.env }: DataOptions = {}): string | undefined {
  return data || env.HETCONV_DATA || undefined;
}

/**
 * @throws DataNotFoundError when no folder was named or the files are not in it: the message says where the set is found,
 *   which files it has and their checksums
 * @throws DatasetArgumentError for a set or split that does not exist
 */
export async function locateDataset(id: DatasetId, split: Split, options: DataOptions = {}): Promise<LocatedSplit> {
  const info = checkDataset('locateDataset', id, split);
  const root = dataFolder(options);
  if (root === undefined) {
    const message = `${info.title} is needed, and no folder was named: pass --data FOLDER or set HETCONV_DATA=FOLDER.`;
    throw new DataNotFoundError(id, [], `${message}\n${guidance(info)}`);
  }
  const searched = [root, ...info.folders.map((folder) => join(root, folder))];
  for (const folder of searched) {
    const files = await findAll(folder, info.splits[split]);
    if (files !== undefined) return { info, split, folder, files };
  }
  const names = info.splits[split].map(({ name }) => name).join(', ');
  const message = `${info.title}, ${split}: no folder with all of ${names} (or each with .gz) among: ${searched.join(', ')}.`;
  throw new DataNotFoundError(id, searched, `${message}\n${guidance(info)}`);
}

/** Every split of every known set in a folder; the sets in the order of `DATASETS`, train before test. */
export async function findDatasets(options: DataOptions = {}): Promise<readonly LocatedSplit[]> {
  const found: LocatedSplit[] = [];
  for (const info of Object.values(DATASETS)) {
    for (const split of ['train', 'test'] as const) {
      try {
        found.push(await locateDataset(info.id, split, options));
      } catch (error) {
        if (!(error instanceof DataNotFoundError)) throw error;
      }
    }
  }
  return found;
}

/** @throws DatasetArgumentError for a set or split that does not exist */
export function checkDataset(operation: string, id: DatasetId, split: Split): DatasetInfo {
  const known = Object.keys(DATASETS);
  if (!known.includes(id)) throw new DatasetArgumentError(operation, 'id', id, `one of ${known.join(', ')}`);
  if (split !== 'train' && split !== 'test')
    throw new DatasetArgumentError(operation, 'split', split, "'train' or 'test'");
  return DATASETS[id];
}

/** The files in one folder, each plain or gzip; undefined unless all are there. */
async function findAll(folder: string, files: readonly DatasetFile[]): Promise<readonly LocatedFile[] | undefined> {
  const found: LocatedFile[] = [];
  for (const file of files) {
    const path = await firstFile([join(folder, file.name), join(folder, `${file.name}.gz`)]);
    if (path === undefined) return undefined;
    found.push({ ...file, path });
  }
  return found;
}

async function firstFile(paths: readonly string[]): Promise<string | undefined> {
  for (const path of paths) {
    const status = await stat(path).catch(() => undefined);
    if (status?.isFile() === true) return path;
  }
  return undefined;
}
