/** Every backend computes HetConv right in a plain page. */
import { describeConformance, FAMILIES, type Family } from '@hetconv/conformance';
import { distinctLayers } from '@hetconv/zoo-classification';
import { describe, it } from 'vitest';
import { browserProviders } from '../providers.ts';

/** Software rasterisers take their time: some hundred programs are compiled. */
const TIMEOUT = 900_000;

/** Sweeps over the shapes of kernels: the same WGSL runs them in Node (packages/backend-webgpu), and once is enough for CI's time. */
const SWEPT_IN_NODE: readonly Family[] = ['tiles', 'exhaustive', 'random'];

for (const provider of await browserProviders()) {
  const families = FAMILIES.filter((family) => !SWEPT_IN_NODE.includes(family));
  const options = { providers: [provider], layers: distinctLayers(), ...(provider.name === 'webgpu' && { families }) };
  describeConformance({ describe, it }, options, TIMEOUT);
}
