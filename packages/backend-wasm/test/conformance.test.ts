import '@tensorflow/tfjs-layers'; // registers tfjs's own gradients, which identities are checked against
import { describeConformance } from '@hetconv/conformance';
import { describe, it } from 'vitest';
import { backend } from '../src/index.ts';

describeConformance({ describe, it }, { providers: [backend] });
