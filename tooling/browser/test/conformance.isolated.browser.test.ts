/** In an isolated page Wasm has threads: another build of it, and so another proof. */
import { describeConformance } from '@hetconv/conformance';
import { getThreadsCount } from '@tensorflow/tfjs-backend-wasm';
import { describe, expect, it } from 'vitest';
import { browserProviders } from '../providers.ts';

/** Software rasterisers take their time: some hundred programs are compiled. */
const TIMEOUT = 900_000;

// tfjs takes half of the processors that a page sees; a machine with two would leave it a single thread.
Object.defineProperty(navigator, 'hardwareConcurrency', { value: 4 });

const providers = (await browserProviders()).filter(({ name }) => name === 'wasm');
describeConformance({ describe, it }, { providers }, TIMEOUT);

it('wasm has had threads', () => expect(getThreadsCount()).toBeGreaterThan(1));
