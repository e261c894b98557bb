/** Where a figure was measured. A ratio means little without it. The same in Node and in a page. */
import type { BackendProvider } from '@hetconv/core';
import { env, version_core as tfjsVersion } from '@tensorflow/tfjs-core';
import manifest from '../package.json' with { type: 'json' };

/** Facts by name; the caller adds what only it can know, e.g. how it started the browser. */
export type Environment = Readonly<Record<string, unknown>>;

interface NodeProcess {
  readonly versions?: { readonly node?: string; readonly v8?: string };
  readonly platform?: string;
  readonly arch?: string;
  getBuiltinModule?(name: 'node:os'): NodeOs;
}

interface NodeOs {
  cpus(): readonly { readonly model: string }[];
  loadavg(): readonly number[];
  release(): string;
  totalmem(): number;
}

/**
 * Take it before measuring: `load` then says how busy the machine was with other things.
 *
 * @param providers prepared backends; each tells of its device
 */
export function environment(extra: Environment = {}, providers: readonly BackendProvider[] = []): Environment {
  return {
    date: new Date().toISOString(),
    hetconv: manifest.version,
    tfjs: tfjsVersion,
    ...host(),
    flags: { ...env().getFlags() },
    ...extra,
    ...(providers.length > 0 && { backends: describeBackends(providers) }),
  };
}

/** What each backend tells of itself: kernels, instruction set, threads, adapter, whether it rasterises in software. */
export function describeBackends(providers: readonly BackendProvider[]): Readonly<Record<string, Environment>> {
  return Object.fromEntries(
    providers.map((provider) => {
      const software = provider.isSoftware?.();
      const facts = { kernels: provider.kernels().provider, ...provider.describe?.() };
      return [provider.name, { ...facts, ...(software !== undefined && { software }) }];
    }),
  );
}

function host(): Environment {
  const { process, navigator, crossOriginIsolated } = globalThis as {
    process?: NodeProcess;
    navigator?: Navigator;
    crossOriginIsolated?: boolean;
  };
  if (process?.versions?.node === undefined) {
    return {
      userAgent: navigator?.userAgent ?? 'unknown',
      cores: navigator?.hardwareConcurrency ?? 0,
      isolated: crossOriginIsolated ?? false,
    };
  }
  const versions = { node: process.versions.node, v8: process.versions.v8 };
  // Not an import: bundlers for browsers would follow it.
  const os = process.getBuiltinModule?.('node:os');
  if (os === undefined) return versions;
  const processors = os.cpus();
  return {
    cpu: processors[0]?.model ?? 'unknown',
    cores: processors.length,
    memoryBytes: os.totalmem(),
    /** Processes that wanted a processor in the last minute, on average. */
    load: Number(os.loadavg()[0].toFixed(2)),
    system: `${process.platform} ${process.arch} ${os.release()}`,
    ...versions,
  };
}
