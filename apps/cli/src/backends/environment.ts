/** The machine and the versions behind a figure. */
import { cpus, platform, release } from 'node:os';
import { environment } from '@hetconv/bench';
import type { BackendProvider } from '@hetconv/core';

export type EnvironmentReport = Readonly<Record<string, unknown>>;

/** Processor, system, Node, tfjs, and what each backend tells of itself. */
export function describeEnvironment(providers: readonly BackendProvider[]): EnvironmentReport {
  const processors = cpus();
  const machine = {
    cpu: processors[0]?.model ?? 'unknown',
    cores: processors.length,
    system: `${platform()} ${release()}`,
    node: process.versions.node,
    v8: process.versions.v8,
  };
  const backends = Object.fromEntries(
    providers.map((provider) => [provider.name, { kernels: provider.kernels().provider, ...provider.describe?.() }]),
  );
  return { ...environment(machine), backends };
}
