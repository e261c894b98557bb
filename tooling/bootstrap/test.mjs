// `npm test`: everything that CI checks. Static checks, all tests on the sources, the suites once more on the packed
// packages. Goes on after a failure so that one run shows all of them.
import { existsSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { attempt, prepareWorkspace, root } from './workspace.mjs';

prepareWorkspace();
const results = join(root, 'reports', 'tests.json');
rmSync(results, { force: true });

const steps = ['check', 'test:unit', 'test:dist'];
const failed = steps.filter((script) => {
  console.log(`\n--- pnpm ${script}`);
  return attempt('pnpm', [script], { CI: process.env.CI ?? '1' }) !== 0;
});

if (existsSync(results)) {
  const { numPassedTests, numFailedTests, numPendingTests } = JSON.parse(readFileSync(results, 'utf8'));
  console.log(`\n${numPassedTests} passed, ${numFailedTests} failed, ${numPendingTests} skipped`);
}
if (failed.length > 0) {
  console.error(`Failed: ${failed.join(', ')}`);
  process.exit(1);
}
