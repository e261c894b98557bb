/**
 * Gives tfjs-node a native addon of our choice. Its own JavaScript runs as it is: its entry finds the addon, checks that the file is
 * there, loads it and registers the backend.
 */
import { createRequire } from 'node:module';
import { fileURLToPath } from 'node:url';

type TfjsNode = '@tensorflow/tfjs-node' | '@tensorflow/tfjs-node-gpu';

const ANY_FILE = fileURLToPath(import.meta.url);

/**
 * To be called before the package is loaded.
 *
 * @param addon what `require()` of the addon gives, or the file of a real one
 */
export function giveAddon(name: TfjsNode, addon: object | string): void {
  const own = createRequire(createRequire(import.meta.url).resolve(`${name}/package.json`));
  const file = typeof addon === 'string' ? addon : ANY_FILE;
  if (typeof addon !== 'string') cache(own, file, addon);
  cache(own, own.resolve('@mapbox/node-pre-gyp'), { find: () => file });
}

/** Makes `require(file)` give `exports`, for every CommonJS module. */
function cache(own: NodeJS.Require, file: string, exports: unknown): void {
  const module: Partial<NodeJS.Module> = { id: file, filename: file, loaded: true, exports, children: [], paths: [] };
  own.cache[file] = module as NodeJS.Module;
}
