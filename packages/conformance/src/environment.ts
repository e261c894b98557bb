/** Where a report was made: what a reader needs to judge its numbers. Works in Node and in a page, imports neither. */
import { version_core } from '@tensorflow/tfjs-core';

export interface Environment {
  readonly runtime: string;
  readonly platform: string;
  /** Logical processors; 0 where the platform does not say. */
  readonly cores: number;
  /** The processor's name; browsers do not tell. */
  readonly cpu?: string;
  readonly tfjs: string;
}

interface NodeProcess {
  readonly versions?: { readonly node?: string; readonly v8?: string };
  readonly platform?: string;
  readonly arch?: string;
  getBuiltinModule?(name: 'node:os'): { cpus(): { readonly model: string }[] };
}

export function environment(): Environment {
  const { process, navigator } = globalThis as { process?: NodeProcess; navigator?: Navigator };
  const tfjs = version_core;
  if (process?.versions?.node === undefined) {
    const runtime = navigator?.userAgent ?? 'unknown';
    return { runtime, platform: navigator?.platform ?? 'unknown', cores: navigator?.hardwareConcurrency ?? 0, tfjs };
  }
  // Not an import: bundlers for browsers would follow it.
  const processors = process.getBuiltinModule?.('node:os').cpus() ?? [];
  return {
    runtime: `Node ${process.versions.node} (V8 ${process.versions.v8})`,
    platform: `${process.platform} ${process.arch}`,
    cores: processors.length,
    ...(processors.length > 0 ? { cpu: processors[0].model } : {}),
    tfjs,
  };
}
