/**
 * Builds the page: one entry that names the backend packages which discovery has found, bundled in memory when a browser is
 * asked for. Built on the spot and not when the command is published, so that the workspace runs its sources, and an
 * installed command the backends that are installed beside it, third-party ones included.
 */
import { readdirSync, readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, extname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Plugin } from 'rolldown';

/** A backend package: its provider's name and the file that exports it. */
export interface PageBackend {
  readonly name: string;
  readonly file: string;
}

export interface PageFile {
  readonly type: string;
  readonly body: string | Uint8Array;
}

/** Everything that the page loads, by path. */
export type PageFiles = ReadonlyMap<string, PageFile>;

const ENTRY = 'hetconv:page';

/** @param plugins in front of the page's own: what a test changes in the sources */
export async function bundlePage(
  backends: readonly PageBackend[],
  plugins: readonly Plugin[] = [],
): Promise<PageFiles> {
  const { rolldown } = await import('rolldown');
  const bundle = await rolldown({
    input: ENTRY,
    platform: 'browser',
    plugins: [...plugins, entryPlugin(backends)],
    logLevel: 'silent',
    transform: { define: { 'process.env.NODE_ENV': '"production"' } },
  });
  try {
    const { output } = await bundle.generate({ format: 'esm', entryFileNames: 'page.js' });
    const scripts = output.flatMap((chunk): [string, PageFile][] =>
      chunk.type === 'chunk' ? [[`/${chunk.fileName}`, { type: 'text/javascript', body: chunk.code }]] : [],
    );
    return new Map([['/', PAGE], ...scripts, ...wasmFiles()]);
  } finally {
    await bundle.close();
  }
}

const PAGE: PageFile = {
  type: 'text/html',
  body: '<!doctype html><meta charset="utf-8"><title>hetconv</title><script type="module" src="/page.js"></script>',
};

function entryPlugin(backends: readonly PageBackend[]): Plugin {
  // This file is TypeScript in the workspace and JavaScript in the published package; so is the page.
  const page = fileURLToPath(new URL(`./page${extname(import.meta.url)}`, import.meta.url));
  const loaders = backends.map(({ name, file }) => `${JSON.stringify(name)}: () => import(${JSON.stringify(file)})`);
  const code = `
import { startPage } from ${JSON.stringify(page)};
await startPage({ ${loaders.join(', ')} }, '/wasm/');`;
  return {
    name: 'hetconv-page',
    resolveId: (id) => (id === ENTRY ? ENTRY : undefined),
    load: (id) => (id === ENTRY ? { code, moduleSideEffects: true } : undefined),
  };
}

/** tfjs fetches its Wasm builds at run time. */
function wasmFiles(): [string, PageFile][] {
  const manifest = createRequire(import.meta.url).resolve('@tensorflow/tfjs-backend-wasm/package.json');
  const folder = join(dirname(manifest), 'dist');
  return readdirSync(folder)
    .filter((name) => name.endsWith('.wasm'))
    .map((name) => [`/wasm/${name}`, { type: 'application/wasm', body: readFileSync(join(folder, name)) }]);
}
