/** The suite itself, on stock backends in the composed form. Backends with kernels run it in their own tests. */
import '@tensorflow/tfjs-layers'; // registers tfjs's own gradients
import { describeConformance } from '@hetconv/conformance';
import { describe, it } from 'vitest';
import { composedCpu, composedWasm } from './support/composed.ts';

describeConformance({ describe, it }, { providers: [composedCpu, composedWasm] });
