/**
 * HetConv kernels in GLSL for the tfjs webgl backend. Importing this registers nothing;
 * call `register()`, or import '@hetconv/backend-webgl/register'.
 */
import { type BackendProvider, registerHetConvKernels, requestBeyond } from '@hetconv/core';
import { findBackend } from '@tensorflow/tfjs-core';
import type { MathBackendWebGL } from '@tensorflow/tfjs-backend-webgl';
import { loseContext } from './context.ts';
import { type DeviceFacts, measureDevice } from './device.ts';
import { webglKernels } from './kernels.ts';

export { webglKernels } from './kernels.ts';

/** Registers the kernels for the tfjs backend 'webgl'. Twice is a no-op. */
export function register(): void {
  registerHetConvKernels('webgl', webglKernels);
}

let facts: DeviceFacts | undefined;

export const backend: BackendProvider = {
  name: 'webgl',
  environments: ['browser'],
  async prepare() {
    if (typeof document === 'undefined' && typeof OffscreenCanvas === 'undefined') {
      return { available: false, reason: 'WebGL needs a browser' };
    }
    await import('@tensorflow/tfjs-backend-webgl'); // registers the tfjs backend itself
    try {
      const device = findBackend('webgl') as MathBackendWebGL | null;
      if (device === null) return { available: false, reason: 'this browser gives no WebGL context' };
      facts ??= measureDevice(device);
    } catch (error) {
      return { available: false, reason: `WebGL does not start: ${String(error)}` };
    }
    if (!facts.hasFloatTextures) {
      return { available: false, reason: `this WebGL (${facts.renderer}) cannot render to float textures` };
    }
    register();
    return { available: true };
  },
  kernels: () => webglKernels,
  resources: {
    // Four values a texel.
    oversizedRequest: () => requestBeyond(16 * (facts?.maxTextureSize ?? 0) ** 2),
    loseDevice: () => loseContext(findBackend('webgl') as MathBackendWebGL),
  },
  describe: () => ({ ...facts }),
};
