/**
 * The programs of the pack as plain JavaScript without packages: the command, the backends that it finds, the benchmark, and what runs on
 * the machine. They share their chunks, so that there is one tfjs.
 */
import { fileURLToPath } from 'node:url';
import { rolldown } from 'rolldown';

/** Entries that app.ts makes packages of, for the command to find. */
export const BACKENDS = ['backend-cpu', 'backend-cuda', 'backend-wasm'] as const;

/** A file of a package of the workspace: its face, or one beside that. */
function source(specifier: string, path?: string): string {
  const face = import.meta.resolve(specifier);
  return fileURLToPath(path === undefined ? face : new URL(path, face));
}

/** By the name of the file that each becomes. */
function entries(): Record<string, string> {
  return {
    hetconv: source('@hetconv/cli'),
    'batch-worker': source('@hetconv/train', 'node/batch-worker.ts'), // the name by which its loader starts it
    'beside-cudnn': source('@hetconv/backend-cuda', '../bench/beside-cudnn.ts'),
    sanitized: source('@hetconv/backend-cuda', '../tools/sanitized.ts'),
    run: fileURLToPath(new URL('../machine/run.ts', import.meta.url)),
    facts: fileURLToPath(new URL('../machine/facts.ts', import.meta.url)),
    ...Object.fromEntries(BACKENDS.map((name) => [name, source(`@hetconv/${name}`)])),
  };
}

/** For browsers, which a bare machine has not: the command asks for them only when it starts one. */
const LEFT_OUT = ['playwright-core', 'rolldown', 'webgpu', 'canvas'];

/** @param folder that gets a file for each entry, and the chunks */
export async function bundleApp(folder: string): Promise<void> {
  const bundle = await rolldown({
    input: entries(),
    platform: 'node',
    external: LEFT_OUT,
    logLevel: 'silent',
    treeshake: { moduleSideEffects: () => true }, // tfjs does not say which of its builds for Node have any
    transform: {
      // tfjs's builds for Node are CommonJS, and look for their files by these.
      define: {
        __dirname: 'import.meta.dirname',
        __filename: 'import.meta.filename',
        'process.env.NODE_ENV': '"production"',
      },
    },
  });
  try {
    await bundle.write({ dir: folder, format: 'esm', entryFileNames: '[name].js', chunkFileNames: '[name]-[hash].js' });
  } finally {
    await bundle.close();
  }
}
