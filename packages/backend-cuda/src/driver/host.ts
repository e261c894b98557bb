/**
 * What is taken from Node. Asked for at run time, not imported: bundlers and browsers may load this package, and are told by
 * `prepare()` that it cannot run there.
 */
import type * as Koffi from 'koffi';
import { UnsupportedError } from '@hetconv/core';

export type { Koffi };

export function isNode(): boolean {
  return typeof process !== 'undefined' && process.versions?.node !== undefined;
}

/**
 * The foreign function interface.
 *
 * @throws UnsupportedError where it, or its binary for this platform, is not installed
 */
export function loadKoffi(): typeof Koffi {
  const { createRequire } = process.getBuiltinModule('node:module');
  try {
    return createRequire(import.meta.url)('koffi') as typeof Koffi;
  } catch (cause) {
    const why = cause instanceof Error ? cause.message.split('\n')[0] : String(cause);
    throw new UnsupportedError(
      `The cuda backend calls the driver through 'koffi', which could not be loaded on ${process.platform} ${process.arch}: ${why} ` +
        'Its binaries are optional dependencies, one for each platform: install again, on this platform and without leaving them out.',
      { cause },
    );
  }
}

/** A text file of this package, ended by a zero as C wants it. */
export function readPackageFile(path: string): Uint8Array {
  const { readFileSync } = process.getBuiltinModule('node:fs');
  const text = readFileSync(new URL(`../../${path}`, import.meta.url));
  const terminated = new Uint8Array(text.length + 1);
  terminated.set(text);
  return terminated;
}
