import '@tensorflow/tfjs-layers'; // registers tfjs's own gradients, which the suite compares with
import { describeConformance } from '@hetconv/conformance';
import { backend } from '@hetconv/backend-cpu';
import { describe, it } from 'vitest';

describeConformance({ describe, it }, { providers: [backend] });
