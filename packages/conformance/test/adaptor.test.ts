/** `describeConformance` in a runner that only notes what it is given. */
import { InvalidArgumentError } from '@hetconv/core';
import { type ConformanceOptions, describeConformance, type TestFunctions } from '@hetconv/conformance';
import { expect, it } from 'vitest';
import { forgetsBias } from './support/fault.ts';
import { providerOf } from './support/oracle-backend.ts';

type Declared = Map<string, Parameters<TestFunctions['it']>[1]>;

function declare(options: ConformanceOptions): Declared {
  const tests: Declared = new Map();
  describeConformance({ describe: (_, define) => define(), it: (name, run) => tests.set(name, run) }, options);
  return tests;
}

async function outcome(tests: Declared, name: string): Promise<string> {
  let skipped: string | undefined;
  const skip = (reason?: string): void => {
    skipped = reason;
  };
  try {
    await tests.get(name)?.({ skip });
    return skipped ?? 'passed';
  } catch (error) {
    return String(error);
  }
}

it('declares a test a family, and one for the suite', async () => {
  const tests = declare({ providers: [providerOf('faulty', forgetsBias().kernels)], families: ['fused', 'errors'] });
  expect([...tests.keys()]).toEqual(['fused', 'errors', 'the suite as a whole']);
  expect(await outcome(tests, 'errors')).toBe('passed');
  expect(await outcome(tests, 'the suite as a whole')).toBe('passed');
  const failure = await outcome(tests, 'fused');
  expect(failure).toMatch(/\d+ failed:\nfused\/fused\/.*bias-(scalar|channel)/);
  expect(failure).toContain('replay with --case fused/fused/');
});

it('skips a backend that is not there, with its reason', async () => {
  const missing = {
    ...providerOf('webgpu', forgetsBias().kernels),
    prepare: () => Promise.resolve({ available: false as const, reason: 'no adapter' }),
  };
  const tests = declare({ providers: [missing], families: ['errors'] });
  expect(await outcome(tests, 'errors')).toBe('no adapter');
});

it('fails where a provider breaks its promise', async () => {
  const broken = {
    ...providerOf('broken', forgetsBias().kernels),
    prepare: () => Promise.reject(new InvalidArgumentError('prepare', 'device', 'none', 'a device')),
  };
  const tests = declare({ providers: [broken], families: ['errors'] });
  expect(await outcome(tests, 'the suite as a whole')).toContain('prepare() threw');
});
