/**
 * Finds a Chromium that is already on this machine: by CHROME_BIN, on the PATH, or where installers put it.
 * Nothing is downloaded: a browser that a tool fetches by itself is one more thing that can fail in CI.
 */
import { accessSync, constants, statSync } from 'node:fs';
import { delimiter, join } from 'node:path';

export type FoundBrowser =
  | { readonly found: true; readonly path: string }
  /** A reason that a person can act on. */
  | { readonly found: false; readonly reason: string };

/** What the search looks at; a test brings its own. */
export interface SearchContext {
  readonly platform: NodeJS.Platform;
  readonly env: Readonly<Record<string, string | undefined>>;
  isExecutable(file: string): boolean;
}

/** Distributions' names first: their wrappers know the libraries of the machine. */
const COMMANDS: readonly string[] = [
  'chromium',
  'chromium-browser',
  'google-chrome-stable',
  'google-chrome',
  'microsoft-edge-stable',
  'microsoft-edge',
];

const here: SearchContext = { platform: process.platform, env: process.env, isExecutable };

/** CHROME_BIN decides where it is set: a path that is wrong is an answer, not a reason to take another browser. */
export function findBrowser(context: SearchContext = here): FoundBrowser {
  const chosen = context.env.CHROME_BIN;
  if (chosen) {
    if (context.isExecutable(chosen)) return { found: true, path: chosen };
    return { found: false, reason: `CHROME_BIN is '${chosen}', which is no executable file` };
  }
  const path = candidates(context).find((candidate) => context.isExecutable(candidate));
  if (path !== undefined) return { found: true, path };
  return {
    found: false,
    reason: 'no Chromium or Chrome was found; install one (Debian: apt install chromium) or set CHROME_BIN to its path',
  };
}

function candidates({ platform, env }: SearchContext): string[] {
  if (platform === 'win32') {
    return [env.PROGRAMFILES, env['PROGRAMFILES(X86)'], env.LOCALAPPDATA]
      .filter((folder) => folder !== undefined)
      .flatMap((folder) => [
        join(folder, 'Google', 'Chrome', 'Application', 'chrome.exe'),
        join(folder, 'Chromium', 'Application', 'chrome.exe'),
        join(folder, 'Microsoft', 'Edge', 'Application', 'msedge.exe'),
      ]);
  }
  const onPath = (env.PATH ?? '')
    .split(delimiter)
    .filter((folder) => folder !== '')
    .flatMap((folder) => COMMANDS.map((command) => join(folder, command)));
  if (platform !== 'darwin') return [...COMMANDS.map((command) => join('/usr/bin', command)), ...onPath];
  const applications = ['/Applications', ...(env.HOME ? [join(env.HOME, 'Applications')] : [])];
  const bundles = ['Google Chrome', 'Chromium', 'Microsoft Edge'];
  return [
    ...applications.flatMap((folder) => bundles.map((name) => join(folder, `${name}.app`, 'Contents', 'MacOS', name))),
    ...onPath,
  ];
}

function isExecutable(file: string): boolean {
  try {
    accessSync(file, constants.X_OK);
    return statSync(file).isFile();
  } catch {
    return false;
  }
}
