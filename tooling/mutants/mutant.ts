/** What a mutant is: one edit of one source file, as data, and the rule that the edit still fits. */
import { createHash } from 'node:crypto';

/** Where a mutant is shown: one of our backends, or `composed`, the stock cpu backend in the composed form. */
export type Place = 'cpu' | 'composed' | 'wasm' | 'webgpu' | 'webgl';

export interface Mutant {
  /** Unique; begins with the place. */
  readonly id: string;
  readonly place: Place;
  /** From the root of the repository. */
  readonly file: string;
  /** Occurs exactly once in the file. */
  readonly find: string;
  readonly replace: string;
  /** What is wrong then, in words. */
  readonly what: string;
}

/** The mutants of one source folder: lines of name, file, find, replace, what. */
export function mutantsOf(
  place: Place,
  folder: string,
  rows: readonly (readonly [name: string, file: string, find: string, replace: string, what: string])[],
): Mutant[] {
  return rows.map(([name, file, find, replace, what]) => ({
    id: `${place}-${name}`,
    place,
    file: `${folder}/${file}`,
    find,
    replace,
    what,
  }));
}

/** @throws Error where the text to be replaced does not occur exactly once: the source has moved on, and so must the mutant */
export function mutate(source: string, { id, file, find, replace }: Mutant): string {
  const pieces = source.split(find);
  if (pieces.length !== 2) {
    throw new Error(`Mutant ${id}: '${find}' occurs ${pieces.length - 1} times in ${file} and must occur once.`);
  }
  return pieces.join(replace);
}

/** Changes when the mutant does: results of another edit are results of another mutant. */
export function digestOf({ place, file, find, replace }: Mutant): string {
  return createHash('sha256')
    .update(JSON.stringify([place, file, find, replace]))
    .digest('hex')
    .slice(0, 12);
}
