// The cuda backend from its package: found by the command that is installed beside it, and harmless where it cannot run.
import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import test from 'node:test';

const library = process.env.HETCONV_TEST_CUDA_LIBRARY;
const skip = library === undefined && 'no CUDA emulator: g++ is not installed';

function hetconv(command) {
  const args = ['node_modules/@hetconv/cli/dist/main.js', ...command.split(' ')];
  const env = { ...process.env, HETCONV_CUDA_LIBRARY: library };
  const { status, stdout, stderr } = spawnSync(process.execPath, args, { encoding: 'utf8', env });
  assert.equal(status, 0, stderr);
  return JSON.parse(stdout);
}

test('hetconv conformance --backends cuda', { skip }, () => {
  const { cuda } = hetconv('conformance --backends cuda --families adjoint --json').backends;
  assert.ok(cuda.passed >= 40, `${cuda.passed} cases passed`);
  assert.equal(cuda.failed, 0);
});

test('hetconv bench layer --backends cuda', { skip }, () => {
  const timing = '--blocks 2 --rounds 2 --budget 1';
  const { rows } = hetconv(`bench layer --size 4 --in 8 --out 8 --part 4 ${timing} --backends cuda --json`);
  assert.deepEqual(
    rows.map(({ backend, part }) => [backend, part]),
    [['cuda', 4]],
  );
});

test('without a driver the import works, and setBackend says what is missing', () => {
  const program = `
    import * as tf from '@tensorflow/tfjs-core';
    import '@hetconv/backend-cuda/register';
    console.log(await tf.setBackend('cuda'), await tf.setBackend('cpu'), tf.add(1, 2).dataSync()[0]);`;
  const { stdout, stderr } = spawnSync(process.execPath, ['--input-type=module', '--eval', program], {
    encoding: 'utf8',
    env: { ...process.env, HETCONV_CUDA_LIBRARY: '/nowhere/libcuda.so.1' },
  });
  assert.match(stdout, /false true 3/);
  assert.match(stderr, /could not be loaded: \/nowhere\/libcuda\.so\.1/);
});
