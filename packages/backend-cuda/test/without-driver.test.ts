/** A machine that lacks something: the import works, the reason tells what to do, and the rest of the program goes on. Processes of their own. */
import { spawnSync } from 'node:child_process';
import { describe, expect, it } from 'vitest';

/** What a user's program does, in one line of JSON. */
const PROGRAM = `
import * as tf from '@tensorflow/tfjs-core';
import '${import.meta.resolve('../src/register.ts')}';
import { backend } from '${import.meta.resolve('../src/index.ts')}';
const said = [];
console.warn = (...words) => said.push(words.join(' '));
const availability = await backend.prepare();
const isSet = await tf.setBackend('cuda');
await tf.setBackend('cpu');
const sum = tf.add([1, 2], 3).arraySync();
process.stdout.write(JSON.stringify({ availability, isSet, said: said.join(' '), sum }));
`;

interface Said {
  readonly availability: { readonly available: boolean; readonly reason?: string };
  readonly isSet: boolean;
  readonly said: string;
  readonly sum: readonly number[];
}

function program(...flags: string[]): Said {
  const { HETCONV_CUDA_LIBRARY: _, ...env } = process.env;
  const args = [...flags, '--input-type=module', '--eval', PROGRAM];
  const { stdout, stderr } = spawnSync(process.execPath, args, { cwd: import.meta.dirname, encoding: 'utf8', env });
  if (stdout === '') throw new Error(stderr);
  return JSON.parse(stdout) as Said;
}

describe('a machine that lacks', () => {
  it('the driver', (context) => {
    const { availability, isSet, said, sum } = program();
    if (availability.available) context.skip('this machine has an NVIDIA driver');
    const { reason } = availability;
    expect(reason).toMatch(/needs the NVIDIA driver.*Install the driver \(not the CUDA toolkit\)|finds no GPU/);
    expect({ isSet, sum }).toEqual({ isSet: false, sum: [4, 5] });
    expect(said).toContain(reason);
  });

  it('the binary of koffi for its platform', () => {
    const hook = `import { registerHooks } from 'node:module';
      registerHooks({ resolve(name, context, next) {
        if (name.includes('@koromix')) throw new Error('not for this platform');
        return next(name, context);
      } });`;
    const { availability, isSet, said, sum } = program('--import', `data:text/javascript,${encodeURIComponent(hook)}`);
    expect(availability.reason).toMatch(/through 'koffi', which could not be loaded on \w+ \w+: .*install again/);
    expect({ isSet, sum }).toEqual({ isSet: false, sum: [4, 5] });
    expect(said).toContain(availability.reason);
  });
});
