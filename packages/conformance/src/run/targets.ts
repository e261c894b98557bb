/** Which of the given backends can run here, and with which kernels. */
import { setBackend } from '@tensorflow/tfjs-core';
import { type BackendProvider, hetConvKernelsOf } from '@hetconv/core';
import type { Target } from './run-case.ts';

/** A provider and what came of preparing it. */
export interface Candidate {
  readonly provider: BackendProvider;
  /** Absent where the backend cannot run. */
  readonly target?: Target;
  /** Why it cannot. */
  readonly reason?: string;
  /** True where the provider broke its own contract, which is a failure and not an absence. */
  readonly broken: boolean;
}

export async function prepareAll(providers: readonly BackendProvider[]): Promise<Candidate[]> {
  const candidates: Candidate[] = [];
  for (const provider of providers) candidates.push(await prepare(provider));
  const running = candidates.flatMap(({ target }) => (target === undefined ? [] : [target.backend]));
  return candidates.map((candidate) => {
    if (candidate.target === undefined) return candidate;
    const otherBackend = running.find((name) => name !== candidate.provider.name);
    return { ...candidate, target: { ...candidate.target, otherBackend } };
  });
}

async function prepare(provider: BackendProvider): Promise<Candidate> {
  try {
    const availability = await provider.prepare();
    if (!availability.available) return { provider, reason: availability.reason, broken: false };
    if (!(await setBackend(provider.name))) {
      return { provider, reason: `tfjs could not start the backend '${provider.name}'`, broken: true };
    }
    const kernels = provider.kernels();
    if (hetConvKernelsOf(provider.name) !== kernels) {
      const reason = `the kernels of ${kernels.provider} are not those registered for the tfjs backend '${provider.name}'`;
      return { provider, reason, broken: true };
    }
    return { provider, target: { backend: provider.name, kernels, otherBackend: undefined }, broken: false };
  } catch (error) {
    return { provider, reason: `prepare() threw ${String(error)}`, broken: true };
  }
}
