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

export interface DiscoveredBackend {
  readonly provider: BackendProvider;
  /** The module that exports it: a page is built from it where the backend runs in a browser. */
  readonly file: string;
}

/** All backends, 'cpu' - the reference - first, the others by name. */
export async function discoverBackends(): Promise<DiscoveredBackend[]> {
  const found = new Map<string, DiscoveredBackend>();
  for (const folder of packageFolders()) {
    const file = entryOf(folder);
    const { backend } = (await import(pathToFileURL(file).href)) as { backend: BackendProvider };
    if (!found.has(backend.name)) found.set(backend.name, { provider: backend, file });
  }
  return [...found.values()].toSorted((a, b) => (rank(a) < rank(b) ? -1 : 1));
}

function rank({ provider: { name } }: DiscoveredBackend): string {
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

function entryOf(folder: string): string {
  const entry = readManifest(folder)?.exports['.'] ?? './index.js';
  return join(folder, typeof entry === 'string' ? entry : entry.default);
}
