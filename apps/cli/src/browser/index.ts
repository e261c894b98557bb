/** For the tests of this repository, which drive the same browser as the command: `@hetconv/cli/browser`, unpublished. */
export { findBrowser, type FoundBrowser } from './find-browser.ts';
export { launchFlags } from './launch-flags.ts';
