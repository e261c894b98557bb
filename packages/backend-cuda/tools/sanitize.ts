/**
 * Runs the kernels on the emulator under AddressSanitizer, which sees reads outside of a tensor as well as writes: conformance (or the
 * families that are named) and a training step. Exits with 0 only where nothing was found.
 *
 *     node tools/sanitize.ts [family...]
 */
import { spawnSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { addressSanitizer, buildEmulator } from '@hetconv/cuda-emulator';

const kernels = fileURLToPath(new URL('../kernels', import.meta.url));
const program = fileURLToPath(new URL('sanitized.ts', import.meta.url));

const emulator = await buildEmulator({ kernels, sanitize: true });
if (!emulator.available) {
  process.stderr.write(`${emulator.reason}\n`);
  process.exit(1);
}
const { status } = spawnSync(process.execPath, [program, ...process.argv.slice(2)], {
  stdio: 'inherit',
  env: {
    ...process.env,
    ...(await addressSanitizer()),
    HETCONV_CUDA_LIBRARY: emulator.library,
    HETCONV_CUDA_MEMORY: 'exact', // every tensor between poisoned zones
  },
});
process.exitCode = status ?? 1;
