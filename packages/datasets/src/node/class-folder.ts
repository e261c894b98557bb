/** A folder of pictures sorted into classes, a subfolder each; and a part of them set apart for testing. Decodes nothing. */
import { readdir, stat } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { DataFileError, DataNotFoundError, DatasetArgumentError } from '../errors.ts';
import { isPicture, listImageFolder } from './image-folder.ts';

/** Pictures with their classes, in an order that is the same on every machine. */
export interface ClassFolder {
  readonly folder: string;
  /** Names of the subfolders, by their UTF-16 code units. */
  readonly classes: readonly string[];
  /** Below the folder, with `/` on every platform. */
  readonly files: readonly string[];
  /** Of every file, an index into `classes`. */
  readonly labels: Int32Array;
}

export interface ClassFolderSplits {
  readonly train: ClassFolder;
  readonly test: ClassFolder;
}

/** Names that the folder of test pictures may have beside one called `train`. */
const TEST_NAMES: readonly string[] = ['test', 'val', 'valid', 'validation'];

/**
 * Every subfolder that holds pictures, itself or below it, is a class. Hidden ones are left out.
 *
 * @throws DataNotFoundError when there is no such folder, or fewer than two classes in it; DataFileError for a picture that
 *   lies outside the subfolders, whose class nobody knows
 */
export async function listClassFolder(folder: string): Promise<ClassFolder> {
  const entries = await readdir(folder).catch((cause: unknown) => {
    throw new DataNotFoundError(undefined, [folder], `${folder}: not a folder that can be read.`, { cause });
  });
  const stray = entries.find((name) => isPicture(name));
  const all = await listImageFolder(folder, { recursive: true });
  const files = all.filter((file) => file.includes('/'));
  const classes = [...new Set(files.map(classOf))].toSorted((a, b) => (a < b ? -1 : 1));
  if (classes.length < 2) {
    const found = classes.length === 0 ? 'no subfolder' : `one subfolder ('${classes[0]}')`;
    const message = `${folder}: found ${found} with pictures in it; accepted: a folder for each class, two or more, with the pictures of that class in it.`;
    throw new DataNotFoundError(undefined, [folder], message);
  }
  if (stray !== undefined) {
    const accepted = `pictures in the folders of the classes (${classes.slice(0, 3).join(', ')}, ...) alone`;
    throw new DataFileError('foreign-file', { file: join(folder, stray), found: 'a picture of no class', accepted });
  }
  const numbers = new Map(classes.map((name, i) => [name, i]));
  return { folder, classes, files, labels: Int32Array.from(files, (file) => numbers.get(classOf(file)) as number) };
}

/**
 * The pictures to train on and those to test with: the subfolders `train` and `test` (or `val`, `valid`, `validation`) where both
 * are there; otherwise a share of every class, chosen by the names of the files, so that adding pictures moves none of the others'
 * order and every machine chooses the same.
 *
 * @param holdout share of every class that is set apart, at least one picture of it
 * @throws DataNotFoundError, DataFileError as of `listClassFolder`; DataNotFoundError when train and test differ in their classes,
 *   or a class has too few pictures to set one apart; DatasetArgumentError
 */
export async function splitClassFolder(
  folder: string,
  { holdout = 0.1 }: { readonly holdout?: number } = {},
): Promise<ClassFolderSplits> {
  if (!(holdout > 0 && holdout < 1)) {
    throw new DatasetArgumentError('splitClassFolder', 'holdout', holdout, 'a number between 0 and 1');
  }
  const [trainFolder, testFolder] = [join(folder, 'train'), await firstFolder(folder, TEST_NAMES)];
  if (testFolder !== undefined && (await isFolder(trainFolder))) {
    const [train, test] = [await listClassFolder(trainFolder), await listClassFolder(testFolder)];
    if (train.classes.join('/') === test.classes.join('/')) return { train, test };
    const odd = [...symmetricDifference(train.classes, test.classes)].slice(0, 3).join(', ');
    const message = `${folder}: 'train' and '${basename(testFolder)}' must have the same classes; only one of them has ${odd}.`;
    throw new DataNotFoundError(undefined, [trainFolder, testFolder], message);
  }
  return holdOut(await listClassFolder(folder), holdout);
}

function holdOut(all: ClassFolder, holdout: number): ClassFolderSplits {
  const isTest = new Set<string>();
  all.classes.forEach((name, label) => {
    const members = all.files.filter((_, i) => all.labels[i] === label);
    if (members.length < 2) {
      const message = `${join(all.folder, name)}: found one picture; accepted: two or more in a class, one of them to test with.`;
      throw new DataNotFoundError(undefined, [join(all.folder, name)], message);
    }
    const shuffled = members.map((file) => ({ file, key: hash(file) })).toSorted((a, b) => a.key - b.key);
    const count = Math.min(members.length - 1, Math.max(1, Math.round(members.length * holdout)));
    for (const { file } of shuffled.slice(0, count)) isTest.add(file);
  });
  const part = (keep: (file: string) => boolean): ClassFolder => {
    const kept = all.files.map((file, i) => ({ file, label: all.labels[i] })).filter(({ file }) => keep(file));
    return { ...all, files: kept.map(({ file }) => file), labels: Int32Array.from(kept, ({ label }) => label) };
  };
  return { train: part((file) => !isTest.has(file)), test: part((file) => isTest.has(file)) };
}

function classOf(file: string): string {
  return file.slice(0, file.indexOf('/'));
}

/** 32-bit FNV-1a of the UTF-16 code units, its bits mixed once more: names differ in their last digits. */
function hash(text: string): number {
  let h = 0x811c9dc5;
  for (let i = 0; i < text.length; i++) h = Math.imul(h ^ text.charCodeAt(i), 0x01000193);
  h = Math.imul(h ^ (h >>> 16), 0x85ebca6b);
  return (h ^ (h >>> 13)) >>> 0;
}

async function firstFolder(folder: string, names: readonly string[]): Promise<string | undefined> {
  for (const name of names) if (await isFolder(join(folder, name))) return join(folder, name);
  return undefined;
}

async function isFolder(path: string): Promise<boolean> {
  const status = await stat(path).catch(() => undefined);
  return status?.isDirectory() === true;
}

function symmetricDifference(a: readonly string[], b: readonly string[]): Set<string> {
  return new Set([...a.filter((one) => !b.includes(one)), ...b.filter((one) => !a.includes(one))]);
}
