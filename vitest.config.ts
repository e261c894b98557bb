import { defineConfig } from 'vitest/config';
import { BROWSER_TESTS, browserProjects } from './tooling/browser/projects.ts';
import { LongestFirst } from './tooling/vitest/longest-first.ts';
import { SkipReporter } from './tooling/vitest/skip-reporter.ts';

export default defineConfig({
  test: {
    testTimeout: 60_000,
    maxWorkers: '100%', // Vitest would leave one core of two idle
    sequence: { sequencer: LongestFirst },
    silent: 'passed-only', // what tests print matters where they fail
    reporters: process.env.CI ? ['default', 'json', new SkipReporter()] : ['default', new SkipReporter()],
    outputFile: { json: 'reports/tests.json' },
    projects: [
      {
        extends: true,
        test: {
          name: 'node',
          environment: 'node',
          include: ['{packages,apps,tooling}/*/test/**/*.test.ts'],
          exclude: ['**/node_modules/**', BROWSER_TESTS],
        },
      },
      ...browserProjects(),
    ],
  },
});
