import { defineConfig } from 'vitest/config';
import { SkipReporter } from './tooling/vitest/skip-reporter.ts';

export default defineConfig({
  test: {
    include: ['{packages,apps,tooling}/*/test/**/*.test.ts'],
    environment: 'node',
    testTimeout: 60_000,
    silent: 'passed-only', // what tests print matters where they fail
    reporters: process.env.CI ? ['default', 'json', new SkipReporter()] : ['default', new SkipReporter()],
    outputFile: { json: 'reports/tests.json' },
  },
});
