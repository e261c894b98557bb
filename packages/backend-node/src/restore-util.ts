/**
 * Side effect on import: puts `isNullOrUndefined`, which tfjs-node 4.22 calls at every operation and Node 23 removed, back into
 * `node:util`; and `isArray`, which is deprecated there, should it go too. (tensorflow/tfjs#8425 has fixed that, and was never
 * released.) Nothing happens where Node still has them. Also for `node --import`.
 */
import util from 'node:util';

const removed: Readonly<Record<string, (value: unknown) => boolean>> = {
  isNullOrUndefined: (value) => value == null,
  isArray: (value) => Array.isArray(value),
};

for (const [name, value] of Object.entries(removed)) {
  if (!(name in util)) Object.defineProperty(util, name, { value, configurable: true, writable: true });
}
