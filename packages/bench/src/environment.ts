/** Where a figure was measured. A ratio means little without it. */
import { version_core as tfjsVersion } from '@tensorflow/tfjs-core';

/** Facts by name; the caller adds what only it can know, e.g. the processor's model. */
export type Environment = Readonly<Record<string, string | number | boolean>>;

export function environment(extra: Environment = {}): Environment {
  const facts: Record<string, string | number | boolean> = { tfjs: tfjsVersion, date: new Date().toISOString() };
  const { navigator } = globalThis;
  if (navigator?.userAgent) facts.userAgent = navigator.userAgent;
  if (navigator?.hardwareConcurrency) facts.cores = navigator.hardwareConcurrency;
  return { ...facts, ...extra };
}
