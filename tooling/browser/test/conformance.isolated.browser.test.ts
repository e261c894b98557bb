/** In an isolated page Wasm has threads: another build of it, and so another proof. */
import { describeConformance } from '@hetconv/conformance';
import { describe, it } from 'vitest';
import { browserProviders } from '../providers.ts';

/** Software rasterisers take their time: some hundred programs are compiled. */
const TIMEOUT = 900_000;

const providers = (await browserProviders()).filter(({ name }) => name === 'wasm');
describeConformance({ describe, it }, { providers }, TIMEOUT);
