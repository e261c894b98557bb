/** A stranger's backend, through the published interface: right kernels pass, and the report of a wrong one points at the fault. */
import {
  type ConformanceOptions,
  describeConformance,
  type Family,
  runConformance,
  simplestFailure,
} from '@hetconv/conformance';
import { describe, expect, it } from 'vitest';
import { backend } from '../examples/own-backend/index.ts';
import { backend as wrong } from './support/wrong-backend.ts';

/** The others compare with stock operations of tfjs, of which the toy has four. */
const families: readonly Family[] = ['geometry', 'channels', 'adjoint', 'special', 'errors', 'format', 'memory'];

describe("a stranger's backend", () => {
  // The suite, declared as its author would.
  describeConformance({ describe, it }, { providers: [backend], families });
});

function failed(counts: Readonly<Record<string, { readonly failed: number }>>): string[] {
  return Object.keys(counts).filter((name) => counts[name].failed > 0);
}

const skip = (): void => undefined;

describe('one wrong kernel', () => {
  it('is named: the pass, the families, the smallest layer that shows it', async () => {
    const report = await runConformance({ providers: [wrong], families });
    expect(report.ok).toBe(false);
    const { variants, families: byFamily, failures } = report.backends.wrong;
    // The forward pass is the other half of the adjoint identity, and right wherever it is asked alone.
    expect(failed(variants)).toEqual(['forward-toy', 'inputGradient-toy']);
    expect(failed(variants['forward-toy'].families)).toEqual(['adjoint']);
    expect(failed(byFamily)).toEqual(['geometry', 'adjoint']);
    // All have strides that differ: what is wrong can be read off the ids.
    for (const { id } of failures) expect(id).toMatch(/^(geometry\/inputGradient|adjoint\/x)\/k[\dx]+s(1x2|2x1)d1p/);
    const simplest = simplestFailure(failures);
    expect(simplest?.id).toBe('geometry/inputGradient/k3s2x1d1p2/m5n4/same/h2w3/b1/integer');
    expect(simplest?.message).toMatch(/^inputGradient: 30 of 30 values are wrong; worst at .* instead of /);
  });

  it('fails the test of its family, the smallest case first', async () => {
    const tests = new Map<string, Parameters<Parameters<typeof describeConformance>[0]['it']>[1]>();
    const options: ConformanceOptions = { providers: [wrong], families: ['geometry', 'channels'] };
    describeConformance({ describe: (_, define) => define(), it: (name, run) => tests.set(name, run) }, options);
    await expect(tests.get('geometry')?.({ skip })).rejects.toThrow(/^\d+ failed:\ngeometry\/inputGradient\//);
    await expect(tests.get('channels')?.({ skip })).resolves.toBeUndefined();
  });
});

it('the README shows the example as it is', async () => {
  const { default: example } = await import('../examples/own-backend/index.ts?raw');
  const { default: readme } = await import('../README.md?raw');
  expect(readme).toContain(`\`\`\`ts\n${example}\`\`\``);
});
