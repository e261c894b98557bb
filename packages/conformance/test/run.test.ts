/** The runner as a product: what counts as a failure, what is put back, what can be replayed. */
import { env, findBackend, getBackend, memory, setBackend } from '@tensorflow/tfjs-core';
import type { BackendProvider } from '@hetconv/core';
import { buildCases, FAMILIES, matrix, type NamedLayer, runConformance } from '@hetconv/conformance';
import { describe, expect, it } from 'vitest';
import { matches } from '../src/gaps/known-gap.ts';
import { composedCpu } from './support/composed.ts';
import { forgetsBias } from './support/fault.ts';
import { ORACLE, providerOf } from './support/oracle-backend.ts';

const oracle = providerOf('oracle', ORACLE);
const wrongBias = forgetsBias().kernels;

const LAYERS: readonly NamedLayer[] = [
  { name: 'tiny', request: { inputShape: [1, 3, 3, 2], outChannels: 2, part: 2, kernelSize: 3, pad: 'same' } },
];

const missing: BackendProvider = {
  name: 'webgpu',
  prepare: () => Promise.resolve({ available: false, reason: 'this machine has no WebGPU' }),
  kernels: () => ORACLE,
};

describe('runConformance', () => {
  it('passes on the cpu backend, in the fields that scripts rely on', async () => {
    const report = await runConformance({ providers: [composedCpu], families: ['channels', 'errors'] });
    expect(report).toMatchObject({ ok: true, problems: [], seed: 1, cases: 411 });
    expect(report.environment).toMatchObject({ tfjs: '4.22.0', runtime: expect.stringContaining('Node') });
    const { available, passed, failed, skipped, xfailed, worstRatio, variants } = report.backends.cpu;
    expect({ available, passed, failed, skipped, xfailed }).toEqual({
      available: true,
      passed: 411,
      failed: 0,
      skipped: 0,
      xfailed: 0,
    });
    expect(worstRatio).toBeGreaterThan(0);
    for (const variant of Object.values(variants)) {
      expect(variant).toMatchObject({ passed: expect.any(Number), failed: 0, worstRatio: expect.any(Number) });
    }
    expect(JSON.parse(JSON.stringify(report))).toEqual(report);
  });

  it('puts backend, flags and memory back', async () => {
    await composedCpu.prepare();
    await setBackend('cpu');
    const before = [getBackend(), env().getBool('IS_TEST'), memory().numTensors];
    await runConformance({ providers: [oracle], families: ['format'] });
    expect([getBackend(), env().getBool('IS_TEST'), memory().numTensors]).toEqual(before);
  });

  it('replays one case by its id and seed', async () => {
    const provider = providerOf('faulty', wrongBias);
    const whole = await runConformance({ providers: [provider], families: ['fused'], seed: 7 });
    const [{ id, message }] = whole.backends.faulty.failures;
    expect(message).toContain(`replay with --case ${id} --seed 7`);
    const one = await runConformance({ providers: [provider], caseId: id, seed: 7 });
    expect(one.cases).toBe(1);
    expect(one.backends.faulty.failures).toEqual([expect.objectContaining({ id, message })]);
  });

  it('fails when nothing has run', async () => {
    const nowhere = await runConformance({ providers: [missing] });
    expect(nowhere).toMatchObject({ ok: false, problems: ['No case was run.'] });
    expect(nowhere.backends.webgpu).toMatchObject({
      available: false,
      reason: 'this machine has no WebGPU',
      failed: 0,
    });
    const empty = await runConformance({ providers: [oracle], cases: [] });
    expect(empty.ok).toBe(false);
  });

  it('does not fail because one of several backends is missing', async () => {
    const report = await runConformance({ providers: [oracle, missing], families: ['format'] });
    expect(report.ok).toBe(true);
  });

  it('refuses an unknown case, and no backend at all', async () => {
    const code = 'invalid-argument';
    const unknown = runConformance({ providers: [oracle], caseId: 'geometry/none' });
    await expect(unknown).rejects.toMatchObject({ code, argument: 'caseId' });
    await expect(runConformance({ providers: [] })).rejects.toMatchObject({ code, argument: 'providers' });
  });

  it('fails where a provider throws, or names kernels that are not registered', async () => {
    const throwing = { ...missing, prepare: () => Promise.reject(new Error('no driver')) };
    const lying = { ...oracle, kernels: () => ({ ...ORACLE }) };
    for (const provider of [throwing, lying]) {
      const report = await runConformance({ providers: [provider] });
      expect(report.ok).toBe(false);
      expect(report.backends[provider.name].failures[0].id).toBe('provider');
    }
  });

  it('goes on after a case whose tensors cannot be disposed of', async () => {
    let calls = 0;
    const forward: typeof ORACLE.forward = (call) => {
      calls++;
      return ORACLE.forward(call);
    };
    const provider = providerOf('stale', { ...ORACLE, forward });
    await provider.prepare();
    const backend = findBackend('stale');
    const disposeData = backend.disposeData.bind(backend);
    backend.disposeData = (dataId, force) => {
      if (calls !== 1) return disposeData(dataId, force);
      calls++;
      throw new Error('the handle is stale');
    };
    const report = await runConformance({ providers: [provider], families: ['fused'] });
    const { passed, failures } = report.backends.stale;
    expect(failures.map(({ message }) => message)).toEqual([
      expect.stringContaining('Threw when its tensors were disposed of: Error: the handle is stale'),
    ]);
    expect(passed).toBe(report.cases - 1);
  });

  it('fails where a declared variant was executed by no case', async () => {
    const variants = [...ORACLE.variants, { name: 'forward-huge', pass: 'forward', accepts: () => false } as const];
    const report = await runConformance({ providers: [providerOf('faulty', { ...ORACLE, variants })], randomMs: 0 });
    const ids = report.backends.faulty.failures.map(({ id }) => id);
    expect(ids).toContain('coverage/forward-huge');
  });

  it('says why a family has no case, and fails where a backend has none at all', async () => {
    const families = ['layers', 'channels'] as const;
    const report = await runConformance({ providers: [oracle], families });
    expect(report.backends.oracle.notApplicable).toEqual({ layers: 'no layers given' });
    const empty = await runConformance({ providers: [oracle, composedCpu], families: ['layers'] });
    expect(empty).toMatchObject({ ok: false, problems: ['No case was run.'] });
  });

  it('measures the device', async () => {
    const { backends } = await runConformance({ providers: [composedCpu], families: ['format'] });
    expect(backends.cpu.device).toEqual({ eps: 2 ** -23, flushesSubnormals: false });
  });

  it('refuses a set that it does not know, and a budget that is none', async () => {
    const code = 'invalid-argument';
    const unknown = runConformance({ providers: [oracle], set: 'most' as 'full' });
    await expect(unknown).rejects.toMatchObject({ code, argument: 'set' });
    const negative = runConformance({ providers: [oracle], randomMs: -1 });
    await expect(negative).rejects.toMatchObject({ code, argument: 'randomMs' });
  });

  it('runs cases of your own', async () => {
    const cases = buildCases({ families: ['memory'] }).slice(0, 2);
    const report = await runConformance({ providers: [oracle], cases });
    expect(report).toMatchObject({ ok: true, cases: 2 });
  });

  it('can be stopped', async () => {
    const controller = new AbortController();
    const running = runConformance({
      providers: [oracle],
      signal: controller.signal,
      onProgress: ({ loaded, total }) => {
        expect(loaded).toBeLessThan(total);
        controller.abort(new Error('enough'));
      },
    });
    await expect(running).rejects.toThrow('enough');
    expect(env().getBool('IS_TEST')).toBe(false);
  });
});

describe('known gaps', () => {
  const faulty = providerOf('faulty', wrongBias);
  const gap = { backend: 'faulty', reason: 'no bias yet' };
  const ofFused = { providers: [faulty], families: ['fused'] as const };

  it('are expected failures, listed with their reason', async () => {
    const bare = await runConformance(ofFused);
    const knownGaps = bare.backends.faulty.failures.map(({ id }) => ({ ...gap, match: id }));
    const { ok, backends } = await runConformance({ ...ofFused, knownGaps });
    expect(ok).toBe(true);
    expect(backends.faulty.xfailed).toBe(knownGaps.length);
    expect(backends.faulty.knownGaps[0]).toMatchObject({ reason: 'no bias yet', cases: [knownGaps[0].match] });
  });

  it('fail where they pass', async () => {
    const match = 'fused/fused/*/linear-bias-none/*';
    const { backends } = await runConformance({ ...ofFused, knownGaps: [{ ...gap, match }], bail: 1 });
    expect(backends.faulty.failures[0].message).toContain('Passes, although it is a known gap: no bias yet');
  });

  it('fail in a whole run where they match nothing', async () => {
    const { backends } = await runConformance({
      providers: [oracle],
      randomMs: 0,
      knownGaps: [{ backend: 'oracle', match: 'fused/none', reason: 'mistyped' }],
    });
    expect(backends.oracle.failures.map(({ id }) => id)).toEqual(['known-gap/fused/none']);
  });

  it.each([
    ['a/b/c', 'a/b/c', true],
    ['a/b', 'a/b/c', false],
    ['a/*', 'a/b/c', true],
    ['*/c', 'a/b/c', true],
    ['a/*b*/c', 'a/b/c', true],
    ['a/*/c', 'a/c', false],
    ['*b*b', 'a/b', false],
  ])('%s against %s', (pattern, id, expected) => {
    expect(matches(pattern, id)).toBe(expected);
  });
});

describe('matrix', () => {
  it('has no blank cell', async () => {
    const report = await runConformance({ providers: [oracle, missing], layers: LAYERS, randomMs: 100 });
    const { columns, rows } = matrix(report);
    expect(rows.map(({ family }) => family)).toEqual([...FAMILIES]);
    expect(columns.map(({ variant }) => variant ?? 'all')).toEqual([
      'all',
      ...ORACLE.variants.map(({ name }) => name),
      'all',
    ]);
    for (const { cells } of rows) {
      expect(cells).toHaveLength(columns.length);
      for (const cell of cells) expect(cell).toMatch(/passed|not applicable: .+|skipped: .+/);
    }
    const errors = rows.find(({ family }) => family === 'errors');
    expect(errors?.cells[1]).toBe('not applicable: refused before a kernel is chosen');
    expect(errors?.cells.at(-1)).toBe('skipped: this machine has no WebGPU');
  });
});
