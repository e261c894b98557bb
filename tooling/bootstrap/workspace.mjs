// What `npm start` and `npm test` share: bring the workspace to a runnable state on a machine that has only
// Node >= 20 and npm, and run its tools on the right Node. Plain JavaScript, no dependency: nothing is installed yet.
import { spawnSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { delimiter, dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

export const root = dirname(dirname(dirname(fileURLToPath(import.meta.url))));
const bin = join(root, 'node_modules', '.bin');
const isWindows = process.platform === 'win32';

/** Installs what the lockfile says, unless it is there already, and ends with an advice if that cannot work. */
export function prepareWorkspace() {
  const [major, minor] = process.versions.node.split('.').map(Number);
  if (major < 20 || (major === 20 && minor < 19)) {
    stop(`hetconv needs Node 20.19 or newer; this is ${process.versions.node}.`);
  }
  if (!isInstalled()) {
    const { packageManager } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8'));
    console.error(`Installing the workspace with ${packageManager} (once; about 150 packages) ...`);
    // CI=1: never ask, never change the lockfile.
    run('npx', ['--yes', packageManager, 'install', '--frozen-lockfile'], { CI: '1' });
  }
  const node = nodeVersion();
  if (node.major < 22 || (node.major === 22 && node.minor < 18)) {
    stop(
      `The workspace's own tools run TypeScript directly and need Node 22.18 or newer; found ${node.text}. ` +
        `On Linux and Windows a Node 24 is installed with the packages; here, install one from nodejs.org. ` +
        `(The published @hetconv packages run on Node 20.19.)`,
    );
  }
}

/** Runs a command of the workspace and ends this process if it fails. */
export function run(command, args, env = {}) {
  const status = attempt(command, args, env);
  if (status !== 0) process.exit(status);
}

/** Runs a command of the workspace and returns its exit code. */
export function attempt(command, args, env = {}) {
  const result = spawnSync(command, args, {
    cwd: root,
    stdio: 'inherit',
    shell: isWindows,
    env: { ...process.env, ...env, PATH: bin + delimiter + process.env.PATH },
  });
  if (result.error) console.error(`${command}: ${result.error.message}`);
  return result.status ?? 1;
}

/** pnpm keeps a copy of the lockfile that it installed. */
function isInstalled() {
  const installed = join(root, 'node_modules', '.pnpm', 'lock.yaml');
  if (!existsSync(installed)) return false;
  return readFileSync(installed, 'utf8') === readFileSync(join(root, 'pnpm-lock.yaml'), 'utf8');
}

/** The Node that scripts get: the one installed with the packages comes first on the PATH. */
function nodeVersion() {
  const env = { ...process.env, PATH: bin + delimiter + process.env.PATH };
  const text =
    spawnSync('node', ['--version'], { env, shell: isWindows, encoding: 'utf8' }).stdout?.trim() ?? process.version;
  const [major, minor] = text.slice(1).split('.').map(Number);
  return { text, major, minor };
}

function stop(message) {
  console.error(message);
  process.exit(1);
}
