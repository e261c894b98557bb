/** The faults of the suite's own tests - kernels made from the oracle, each with one thing wrong - judged as mutants are. */
import '@tensorflow/tfjs-layers'; // registers tfjs's own gradients
import { FAMILIES, runConformance } from '@hetconv/conformance';
import { FORWARD_FAULTS } from '../../packages/conformance/test/support/forward-faults.ts';
import { providerOf } from '../../packages/conformance/test/support/oracle-backend.ts';
import { OTHER_FAULTS } from '../../packages/conformance/test/support/other-faults.ts';
import { judge } from './judge.ts';
import type { FaultResult } from './results.ts';

export const FAULT_NAMES: readonly string[] = [...FORWARD_FAULTS, ...OTHER_FAULTS].map(({ name }) => name);

export async function judgeFaults(onResult: (result: FaultResult) => void): Promise<FaultResult[]> {
  const results: FaultResult[] = [];
  for (const { name, kernels } of [...FORWARD_FAULTS, ...OTHER_FAULTS]) {
    const provider = providerOf('faulty', kernels);
    const verdict = await judge(
      async (options) => (await runConformance({ providers: [provider], ...options })).backends.faulty,
      FAMILIES,
      false,
    );
    const result = { name, ...verdict };
    onResult(result);
    results.push(result);
  }
  return results;
}
