/** Every backend computes HetConv right in a plain page. */
import { describeConformance, FAMILIES, type Family } from '@hetconv/conformance';
import { distinctLayers } from '@hetconv/zoo-classification';
import { describe, it } from 'vitest';
import { browserProviders } from '../providers.ts';

/** Software rasterisers take their time: some hundred programs are compiled. */
const TIMEOUT = 900_000;

/** What CI has no time for twice, by backend. */
const LEFT_OUT: Readonly<Record<string, readonly Family[]>> = {
  // The same WGSL runs these in Node (packages/backend-webgpu).
  webgpu: ['geometry', 'channels', 'tiles', 'exhaustive', 'random'],
  // Samples of small shapes, which 'geometry' and 'tiles' have, too. `hetconv conformance --backends webgl` runs all.
  webgl: ['exhaustive', 'random'],
};

for (const provider of await browserProviders()) {
  const left = LEFT_OUT[provider.name];
  const families = left && { families: FAMILIES.filter((family) => !left.includes(family)) };
  describeConformance({ describe, it }, { providers: [provider], layers: distinctLayers(), ...families }, TIMEOUT);
}
