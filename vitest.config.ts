import { defineConfig } from 'vitest/config';
import { BROWSER_TESTS, browserProjects } from './tooling/browser/projects.ts';

export default defineConfig({
  test: {
    testTimeout: 60_000,
    reporters: process.env.CI ? ['default', 'json'] : ['default'],
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
