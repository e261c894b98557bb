/**
 * The vitest projects that run in Chromium. `*.browser.test.ts` runs in a plain page, `*.isolated.browser.test.ts` in a
 * cross-origin isolated one (SharedArrayBuffer, Wasm threads). Without a browser one project takes their place in which
 * every such file is skipped, with the reason.
 */
import { fileURLToPath } from 'node:url';
import { findBrowser, launchFlags } from '@hetconv/cli/browser';
import { playwright } from '@vitest/browser-playwright';
import type { TestProjectConfiguration, ViteUserConfig } from 'vitest/config';

type Plugin = Extract<NonNullable<ViteUserConfig['plugins']>[number], { name: string }>;

const repository = fileURLToPath(new URL('../..', import.meta.url));
/** Where tfjs can be resolved from: the repository's root depends on none of it. */
const home = fileURLToPath(new URL('.', import.meta.url));

export const BROWSER_TESTS = '{packages,apps,tooling}/*/test/**/*.browser.test.ts';
const ISOLATED_TESTS = '{packages,apps,tooling}/*/test/**/*.isolated.browser.test.ts';

/** Bundled before the first test: a package that Vite meets later reloads the page, and a second tfjs-core may appear. */
const PREBUNDLED: readonly string[] = [
  '@tensorflow/tfjs-core',
  '@tensorflow/tfjs-layers',
  '@tensorflow/tfjs-backend-cpu',
  '@tensorflow/tfjs-backend-wasm',
  '@tensorflow/tfjs-backend-webgl',
  '@tensorflow/tfjs-backend-webgpu',
];

const ISOLATION: Readonly<Record<string, string>> = {
  'Cross-Origin-Opener-Policy': 'same-origin',
  'Cross-Origin-Embedder-Policy': 'require-corp',
};

export function browserProjects(): TestProjectConfiguration[] {
  const browser = findBrowser();
  if (!browser.found) return [skipped(browser.reason)];
  return [
    inChromium('chromium', browser.path, [BROWSER_TESTS], [ISOLATED_TESTS], {}),
    inChromium('chromium-isolated', browser.path, [ISOLATED_TESTS], [], ISOLATION),
  ];
}

function inChromium(
  name: string,
  executablePath: string,
  include: string[],
  exclude: string[],
  headers: Readonly<Record<string, string>>,
): TestProjectConfiguration {
  return {
    extends: true,
    root: home,
    cacheDir: `node_modules/.vite/${name}`,
    server: { headers: { ...headers }, fs: { allow: [repository] } },
    optimizeDeps: { include: [...PREBUNDLED, '@hetconv/conformance > fast-check'] },
    resolve: { dedupe: [...PREBUNDLED] },
    test: {
      name,
      dir: repository,
      include,
      exclude: ['**/node_modules/**', ...exclude],
      // One page at a time: two software rasterisers on two cores take longer than one after the other.
      fileParallelism: false,
      browser: {
        enabled: true,
        headless: true,
        screenshotFailures: false,
        provider: playwright({ launchOptions: { executablePath, args: launchFlags() } }),
        instances: [{ browser: 'chromium', name }],
      },
    },
  };
}

/** The same files, each with one test in place of its own, which says why they did not run. */
function skipped(reason: string): TestProjectConfiguration {
  const test = `import { it } from 'vitest'; it('runs in Chromium', (context) => context.skip(${JSON.stringify(reason)}));`;
  const plugin: Plugin = {
    name: 'hetconv-no-browser',
    enforce: 'pre',
    load: (id) => (id.endsWith('.browser.test.ts') ? test : undefined),
  };
  return {
    extends: true,
    plugins: [plugin],
    test: { name: 'chromium', environment: 'node', include: [BROWSER_TESTS] },
  };
}
