/** Says of every test that did not run why: a skip is never silent. */
import type { Reporter, TestModule } from 'vitest/node';

export class SkipReporter implements Reporter {
  onTestRunEnd(modules: readonly TestModule[]): void {
    for (const module of modules) {
      for (const test of module.children.allTests('skipped')) {
        const result = test.result();
        const reason = 'note' in result && result.note ? result.note : 'no reason given';
        process.stdout.write(`skipped: ${reason}  [${module.relativeModuleId} > ${test.fullName}]\n`);
      }
    }
  }
}
