/** The kernels under AddressSanitizer, in a process of their own: a few families of conformance here, all of them by `pnpm sanitize`. */
import { spawnSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { expect, it } from 'vitest';
import { chooseEmulator } from './emulator.ts';

const tool = fileURLToPath(new URL('../tools/sanitize.ts', import.meta.url));

it('no kernel reads or writes outside of a tensor', { timeout: 300_000 }, async (context) => {
  const reason = await chooseEmulator();
  if (reason !== undefined) context.skip(reason);
  const { status, stdout, stderr } = spawnSync(process.execPath, [tool, 'channels', 'fused', 'memory'], {
    encoding: 'utf8',
  });
  expect(stderr.split('\n').filter((line) => line.includes('AddressSanitizer'))).toEqual([]);
  expect(stdout).toMatch(/conformance: [1-9]\d\d passed, 0 failed\ntraining: loss \d/);
  expect(status).toBe(0);
});
