/** The same as late as CUDA allows, in recycled memory: work that is not in the order of the stream shows as wrong numbers. */
import { describeConformance } from '@hetconv/conformance';
import '@tensorflow/tfjs-layers'; // registers tfjs's gradients
import { describe, it } from 'vitest';
import { onEmulator } from './emulator.ts';

describeConformance({ describe, it }, { providers: [await onEmulator({ streams: 'deferred', memory: 'pooled' })] });
