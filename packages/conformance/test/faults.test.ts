/** The suite catches what it is for: kernels with one fault each, through the published interface. */
import '@tensorflow/tfjs-layers'; // registers tfjs's own gradients
import { describe, expect, it } from 'vitest';
import { runConformance } from '@hetconv/conformance';
import { FORWARD_FAULTS } from './support/forward-faults.ts';
import { OTHER_FAULTS } from './support/other-faults.ts';
import { ORACLE, providerOf } from './support/oracle-backend.ts';

describe('seeded faults', () => {
  const faults = [...FORWARD_FAULTS, ...OTHER_FAULTS];

  it('begins from kernels that are right', async () => {
    const provider = providerOf('oracle', ORACLE);
    const report = await runConformance({ providers: [provider] });
    expect(report.problems).toEqual([]);
    // Rounded once from float64: half a unit in the last place.
    expect(report.backends.oracle.worstRatio).toBeLessThanOrEqual(1);
  });

  it.each(faults)('catches: $name', async ({ kernels, showsAtTheEnd = false }) => {
    const provider = providerOf('faulty', kernels);
    const { ok, backends } = await runConformance({ providers: [provider], ...(showsAtTheEnd ? {} : { bail: 1 }) });
    const { failed, failures } = backends.faulty;
    expect(ok).toBe(false);
    expect(failed).toBeGreaterThan(0);
    expect(failures[0].message).toContain('seed 1');
  });
});
