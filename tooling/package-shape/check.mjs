// Is the package that a consumer gets well-formed? Packs the package in this folder as pnpm publishes it (exports of
// publishConfig, workspace versions) and lets publint and attw look at the tarball.
import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

const folder = mkdtempSync(join(tmpdir(), 'hetconv-pack-'));
try {
  const output = execFileSync('pnpm', ['pack', '--json', '--pack-destination', folder], { encoding: 'utf8' });
  const { filename } = JSON.parse(output.slice(output.indexOf('{')));
  execFileSync('publint', ['run', filename, '--strict'], { stdio: 'inherit' });
  if (!process.argv.includes('--no-types')) {
    execFileSync('attw', [filename, '--profile', 'esm-only'], { stdio: 'inherit' });
  }
} catch {
  process.exitCode = 1; // what is wrong has been printed by the tool that found it
} finally {
  rmSync(folder, { recursive: true, force: true });
}
