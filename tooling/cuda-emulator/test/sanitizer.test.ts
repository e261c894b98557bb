/** AddressSanitizer stops a kernel that reads outside of an allocation, and says where in the source. */
import { spawnSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { expect, it } from 'vitest';
import { addressSanitizer, buildEmulator } from '../src/build.ts';

const kernels = fileURLToPath(new URL('kernels', import.meta.url));
const program = fileURLToPath(new URL('read-past.ts', import.meta.url));

it('finds a read past the end', { timeout: 120_000 }, async (context) => {
  const emulator = await buildEmulator({ kernels, sanitize: true });
  if (!emulator.available) throw context.skip(emulator.reason);
  const env = { ...process.env, ...(await addressSanitizer()) };
  const read = (index: number): { readonly stdout: string; readonly stderr: string } =>
    spawnSync(process.execPath, [program, emulator.library, String(index)], { encoding: 'utf8', env });
  expect(read(9).stdout).toBe('read 0\n');
  const { stdout, stderr } = read(10);
  expect(stdout).toBe('');
  expect(stderr).toMatch(/AddressSanitizer: use-after-poison/);
  expect(stderr).toMatch(/read_past.*threads\.cu:\d+/);
});
