/** HetConv on the emulator, each tensor in an allocation of its own: what is written outside of one is found. */
import { backend as cpu } from '@hetconv/backend-cpu';
import { describeConformance } from '@hetconv/conformance';
import '@tensorflow/tfjs-layers'; // registers tfjs's gradients
import { describe, it } from 'vitest';
import { onEmulator } from './emulator.ts';

const cuda = await onEmulator({ streams: 'eager', memory: 'exact' });

describeConformance({ describe, it }, { providers: [cuda] });

describe('beside another backend, from which tensors come', () => {
  describeConformance({ describe, it }, { providers: [cuda, cpu], families: ['format'] });
});
