/** The machine and the versions behind a figure. */
import { cpus, platform, release } from 'node:os';
import { environment } from '@hetconv/bench';
import type { Selection } from './select.ts';

export type EnvironmentReport = Readonly<Record<string, unknown>>;

/** Processor, system, Node, tfjs, the browser where one ran, and what each backend tells of itself. */
export async function describeEnvironment({ providers, browser }: Selection): Promise<EnvironmentReport> {
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
  const page = await browser?.environment();
  return {
    ...environment(machine),
    ...(page === undefined ? {} : { browser: page.browser }),
    backends: { ...backends, ...page?.backends },
  };
}
