/** Every backend computes HetConv right in a plain page. */
import { describeConformance } from '@hetconv/conformance';
import { distinctLayers } from '@hetconv/zoo-classification';
import { describe, it } from 'vitest';
import { browserProviders } from '../providers.ts';

/** Software rasterisers take their time: some hundred programs are compiled. */
const TIMEOUT = 900_000;

for (const provider of await browserProviders())
  describeConformance({ describe, it }, { providers: [provider], layers: distinctLayers() }, TIMEOUT);
