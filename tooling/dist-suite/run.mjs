// What a consumer gets: builds and packs every package, installs the tarballs with npm into an empty project, and runs
// the suites in ./suite there - on the workspace's Node and on the system's, if that is another one.
import { execFileSync, spawnSync } from 'node:child_process';
import { cpSync, existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { delimiter, dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { buildEmulator } from '../cuda-emulator/src/build.ts';

const here = dirname(fileURLToPath(import.meta.url));
const root = dirname(dirname(here));
const project = mkdtempSync(join(tmpdir(), 'hetconv-dist-'));

try {
  execFileSync('turbo', ['run', 'build', '--output-logs=errors-only'], { cwd: root, stdio: 'inherit' });
  const tarballs = workspacePackages().map(pack);
  writeFileSync(
    join(project, 'package.json'),
    JSON.stringify({ private: true, type: 'module', dependencies: dependencies(tarballs) }),
  );
  execFileSync('npm', ['install', '--no-audit', '--no-fund', '--loglevel=error'], { cwd: project, stdio: 'inherit' });
  cpSync(join(here, 'suite'), join(project, 'suite'), { recursive: true });
  const suites = readdirSync(join(project, 'suite'))
    .filter((name) => name.endsWith('.test.mjs'))
    .map((name) => join('suite', name));
  const emulator = await buildEmulator({ kernels: join(root, 'packages', 'backend-cuda', 'kernels') });
  const env = { ...process.env, ...(emulator.available && { HETCONV_TEST_CUDA_LIBRARY: emulator.library }) };
  const failures = nodes().filter((node) => {
    console.log(`\nSuites on the packed packages, ${versionOf(node)}`);
    return (
      spawnSync(node, ['--test', '--test-reporter=spec', ...suites], { cwd: project, stdio: 'inherit', env }).status !==
      0
    );
  });
  process.exitCode = failures.length === 0 ? 0 : 1;
} finally {
  rmSync(project, { recursive: true, force: true });
}

function workspacePackages() {
  return ['packages', 'apps']
    .flatMap((parent) => readdirSync(join(root, parent)).map((name) => join(root, parent, name)))
    .filter((folder) => existsSync(join(folder, 'package.json')))
    .filter((folder) => !JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8')).private);
}

/** @returns the package's name and its tarball */
function pack(folder) {
  const output = execFileSync('pnpm', ['pack', '--json', '--pack-destination', project], {
    cwd: folder,
    encoding: 'utf8',
  });
  const { name, filename } = JSON.parse(output.slice(output.indexOf('{')));
  return [name, filename];
}

/** Every package as its tarball, and what the tarballs ask their consumer for; optional peers stay out. */
function dependencies(tarballs) {
  const peers = {};
  for (const [, file] of tarballs) {
    const manifest = execFileSync('tar', ['-xOf', file, 'package/package.json'], { encoding: 'utf8' });
    const { peerDependencies = {}, peerDependenciesMeta = {} } = JSON.parse(manifest);
    for (const [name, range] of Object.entries(peerDependencies)) {
      if (!peerDependenciesMeta[name]?.optional) peers[name] = range;
    }
  }
  return { ...peers, ...Object.fromEntries(tarballs.map(([name, file]) => [name, `file:${file}`])) };
}

/** The Node that runs this, and the first one on the PATH that does not come with the workspace. */
function nodes() {
  const system = process.env.PATH.split(delimiter)
    .filter((folder) => !folder.includes('node_modules'))
    .map((folder) => join(folder, 'node'))
    .find((file) => existsSync(file));
  const isOther = system !== undefined && versionOf(system) !== process.version;
  return isOther ? [process.execPath, system] : [process.execPath];
}

function versionOf(node) {
  return execFileSync(node, ['--version'], { encoding: 'utf8' }).trim();
}
