/** The family 'random': what it finds is small, and can be found again. */
import { runConformance } from '@hetconv/conformance';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { randomCaseOf, randomCases } from '../src/cases/families/random.ts';
import { forgetsBias, inForward } from './support/fault.ts';
import { ORACLE, providerOf, read, write } from './support/oracle-backend.ts';

const families = ['random'] as const;
const budget = { families, randomMs: 20_000 };

describe('random cases', () => {
  it('spell all of themselves in their ids', () => {
    fc.assert(
      fc.property(randomCases(5), (test) => {
        expect(randomCaseOf(test.id, 5)).toEqual(test);
      }),
      { seed: 1, numRuns: 500 },
    );
    for (const id of ['random/forward', 'random/none/k3s1d1p2/m4n4/same/h3w3/b1/integer', 'random/x']) {
      expect(randomCaseOf(id, 1)).toBeUndefined();
    }
  });

  it('are drawn while there is time, and hold', async () => {
    const report = await runConformance({ providers: [providerOf('oracle', ORACLE)], families, randomMs: 500 });
    expect(report.ok).toBe(true);
    expect(report.cases).toBeGreaterThan(0);
  });

  it('shrink to the smallest that fails, which its id replays', async () => {
    const ragged = inForward('is wrong in the fourth column', (call) => {
      const y = ORACLE.forward(call);
      const { outWidth, outChannels } = call.plan;
      const values = read(call.backend, y).map(
        (value, i) => value + (Math.floor(i / outChannels) % outWidth === 3 ? 1 : 0),
      );
      call.backend.disposeIntermediateTensorInfo(y);
      return write(call.backend, y.shape, values);
    });
    const providers = [providerOf('faulty', ragged.kernels)];
    const { backends } = await runConformance({ providers, ...budget });
    const { failures, failed } = backends.faulty;
    expect(failed).toBe(1);
    const [{ id, message }] = failures;
    expect(id).toMatch(/^random\/(forward|fused)\/k1s1d1p1\/m1n1\/(valid|same)\/h1w4\/b1\//);
    expect(message).toContain('The smallest like random/');
    const again = await runConformance({ providers, caseId: id });
    expect(again.backends.faulty.failures).toMatchObject([{ id }]);
  });

  it('leave a known gap be', async () => {
    const knownGaps = [{ backend: 'faulty', match: 'random/fused/*-bias-scalar/*', reason: 'no bias yet' }];
    const providers = [providerOf('faulty', forgetsBias().kernels)];
    const { backends } = await runConformance({ providers, ...budget, knownGaps });
    expect(backends.faulty.xfailed).toBeGreaterThan(0);
    expect(backends.faulty.failures[0].id).toContain('-bias-channel/');
  });

  it('can be stopped', async () => {
    const signal = AbortSignal.timeout(200);
    const running = runConformance({ providers: [providerOf('oracle', ORACLE)], ...budget, signal });
    await expect(running).rejects.toThrow(/aborted/);
  });
});
