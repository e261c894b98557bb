/** What a machine is told that cannot run it. */
import { KernelNotRegisteredError, UnsupportedError } from '@hetconv/core';
import { backend, register } from '@hetconv/backend-node';
import '@tensorflow/tfjs-backend-cpu';
import { getBackend, setBackend } from '@tensorflow/tfjs-core';
import { execFileSync } from 'node:child_process';
import { beforeAll, describe, expect, it } from 'vitest';

/** A process in which tfjs-node is not installed. */
const ELSEWHERE = `
  import { registerHooks } from 'node:module';
  const asked = [];
  registerHooks({
    resolve(name, context, next) {
      if (!name.startsWith('@tensorflow/tfjs-node')) return next(name, context);
      asked.push(name);
      throw Object.assign(new Error("Cannot find package '" + name + "'"), { code: 'ERR_MODULE_NOT_FOUND' });
    },
  });
  const { backend } = await import('@hetconv/backend-node');
  const onImport = asked.length;
  console.log(JSON.stringify({ onImport, asked, ...(await backend.prepare()) }));
`;

describe('prepare()', () => {
  beforeAll(() => setBackend('cpu'));

  it('says that nothing is installed, and looks for it only then', () => {
    const options = { cwd: import.meta.dirname, encoding: 'utf8' } as const;
    const printed = execFileSync(process.execPath, ['--input-type=module', '-e', ELSEWHERE], options);
    expect(JSON.parse(printed.slice(printed.indexOf('{')))).toEqual({
      onImport: 0,
      asked: ['@tensorflow/tfjs-node-gpu', '@tensorflow/tfjs-node'],
      available: false,
      reason: 'neither @tensorflow/tfjs-node nor @tensorflow/tfjs-node-gpu is installed',
    });
  });

  it('register() names what is to be imported before', () => {
    expect(register).toThrow(UnsupportedError);
    expect(register).toThrow("Import '@tensorflow/tfjs-node' or '@tensorflow/tfjs-node-gpu' before.");
    expect(new KernelNotRegisteredError('hetConv2d', 'tensorflow').message).toContain('@hetconv/backend-node/register');
  });

  it('says that the native addon is missing', async () => {
    const availability = await backend.prepare();
    expect(availability.available || availability.reason).toMatch(/without its native addon.*npm rebuild/);
    expect(getBackend()).toBe('cpu');
  });
});
