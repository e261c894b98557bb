/** HetConv on the emulator, each tensor in an allocation of its own: what is written outside of one is found. */
import { describeConformance } from '@hetconv/conformance';
import '@tensorflow/tfjs-layers'; // registers tfjs's gradients
import { describe, it } from 'vitest';
import { onEmulator } from './emulator.ts';

describeConformance({ describe, it }, { providers: [await onEmulator({ streams: 'eager', memory: 'exact' })] });
