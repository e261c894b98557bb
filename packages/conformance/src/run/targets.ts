/** Which of the given backends can run here, and with which kernels. */
import { setBackend } from '@tensorflow/tfjs-core';
import { type BackendProvider, hetConvKernelsOf } from '@hetconv/core';
import type { Target } from './context.ts';
import { measureDevice } from './device.ts';

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

/** @param onPrepared called after each: a backend brings its flags with it */
export async function prepareAll(providers: readonly BackendProvider[], onPrepared: () => void): Promise<Candidate[]> {
  const candidates: Candidate[] = [];
  for (const provider of providers) candidates.push(await prepare(provider, onPrepared));
  const running = candidates.flatMap(({ target }) => (target === undefined ? [] : [target.backend]));
  return candidates.map((candidate) => {
    if (candidate.target === undefined) return candidate;
    const otherBackend = running.find((name) => name !== candidate.provider.name);
    return { ...candidate, target: { ...candidate.target, otherBackend } };
  });
}

async function prepare(provider: BackendProvider, onPrepared: () => void): Promise<Candidate> {
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
    onPrepared();
    const device = await measureDevice();
    const target = { provider, backend: provider.name, kernels, otherBackend: undefined, device };
    return { provider, target, broken: false };
  } catch (error) {
    return { provider, reason: `prepare() threw ${String(error)}`, broken: true };
  }
}
