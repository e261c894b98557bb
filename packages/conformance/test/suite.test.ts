/** The suite itself, on the backends that Node can run: our cpu kernels, and the composed form on stock wasm. */
import '@tensorflow/tfjs-layers'; // registers tfjs's own gradients
import { backend as cpu } from '@hetconv/backend-cpu';
import { describeConformance } from '@hetconv/conformance';
import { describe, it } from 'vitest';
import { composedWasm } from './support/composed-wasm.ts';

describeConformance({ describe, it }, { providers: [cpu, composedWasm] });
