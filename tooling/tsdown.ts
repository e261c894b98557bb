import type { UserConfig } from 'tsdown';

/** The one way in which a package of this repository is built: ESM and declarations, a file per source file. */
export function library(entry: string[], overrides: UserConfig = {}): UserConfig {
  return {
    entry,
    format: 'esm',
    platform: 'neutral',
    target: 'es2022',
    fixedExtension: false,
    dts: { oxc: true },
    unbundle: true,
    sourcemap: true,
    clean: true,
    ...overrides,
  };
}
