/**
 * Finds the backends that can be run from here: every package named `@hetconv/backend-*` that is installed beside the
 * command, beside the user's own project, or lies in the workspace. A new backend package is found without a word here.
 */
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import type { BackendProvider } from '@hetconv/core';

/** What this command needs to know of a backend package's package.json. */
interface Manifest {
  readonly name: string;
  readonly exports: { readonly '.': string | { readonly default: string } };
}

/** All providers, 'cpu' - the reference - first, the others by name. */
export async function discoverBackends(): Promise<BackendProvider[]> {
  const found = new Map<string, BackendProvider>();
  for (const folder of packageFolders()) {
    const { backend } = await loadPackage(folder);
    if (!found.has(backend.name)) found.set(backend.name, backend);
  }
  return [...found.values()].toSorted((a, b) => (rank(a) < rank(b) ? -1 : 1));
}

function rank({ name }: BackendProvider): string {
  return name === 'cpu' ? '' : name;
}

/** Folders of backend packages, nearest first. */
function packageFolders(): string[] {
  const starts = [dirname(fileURLToPath(import.meta.url)), process.cwd()];
  const parents = starts
    .flatMap(ancestors)
    .flatMap((folder) => [join(folder, 'node_modules', '@hetconv'), join(folder, 'packages')]);
  return [...new Set(parents)]
    .filter((parent) => existsSync(parent))
    .flatMap((parent) =>
      readdirSync(parent)
        .filter((name) => name.startsWith('backend-'))
        .map((name) => join(parent, name))
        .filter((folder) => readManifest(folder)?.name.startsWith('@hetconv/backend-')),
    );
}

function ancestors(folder: string): string[] {
  const parent = dirname(folder);
  return parent === folder ? [folder] : [folder, ...ancestors(parent)];
}

function readManifest(folder: string): Manifest | undefined {
  const file = join(folder, 'package.json');
  return existsSync(file) ? (JSON.parse(readFileSync(file, 'utf8')) as Manifest) : undefined;
}

async function loadPackage(folder: string): Promise<{ backend: BackendProvider }> {
  const entry = readManifest(folder)?.exports['.'] ?? './index.js';
  const file = typeof entry === 'string' ? entry : entry.default;
  return (await import(pathToFileURL(join(folder, file)).href)) as { backend: BackendProvider };
}
