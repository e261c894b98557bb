/** Puts a mutant in the place of its source file when Node loads it. The file itself stays as it is. */
import { readFileSync } from 'node:fs';
import { registerHooks } from 'node:module';
import { join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { type Mutant, mutate } from './mutant.ts';

export const repository: string = fileURLToPath(new URL('../..', import.meta.url));

/** @returns whether the file has been loaded since */
export function mutateOnLoad(mutant: Mutant): () => boolean {
  const file = join(repository, mutant.file);
  const target = pathToFileURL(file).href;
  let isLoaded = false;
  registerHooks({
    load(url, context, next) {
      const loaded = next(url, context);
      if (url !== target) return loaded;
      isLoaded = true;
      return { ...loaded, source: mutate(readFileSync(file, 'utf8'), mutant) };
    },
  });
  return () => isLoaded;
}
