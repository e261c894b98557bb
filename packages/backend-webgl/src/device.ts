/** What the device is and how exactly it computes, measured: tfjs says "16 bits" of textures that hold float32 exactly. */
import { env } from '@tensorflow/tfjs-core';
import type { MathBackendWebGL } from '@tensorflow/tfjs-backend-webgl';
import { run } from './programs/run.ts';

export type DeviceFacts = {
  /** The driver's own words, e.g. "ANGLE (Google, Vulkan 1.3 (SwiftShader Device ...))". */
  readonly renderer: string;
  readonly isSoftware: boolean;
  readonly maxTextureSize: number;
  readonly hasFloatTextures: boolean;
  /** Smallest e with 1 + e > 1 after a trip through a texture: 2^-23 for float32, 2^-10 for half-float textures. */
  readonly epsilon: number;
  readonly flushesSubnormals: boolean;
};

export function measureDevice(backend: MathBackendWebGL): DeviceFacts {
  const { gl } = backend.getGPGPUContext();
  const debug = gl.getExtension('WEBGL_debug_renderer_info');
  const renderer = String(gl.getParameter(debug === null ? gl.RENDERER : debug.UNMASKED_RENDERER_WEBGL));
  return {
    renderer,
    isSoftware: /swiftshader|llvmpipe|softpipe|basic render/i.test(renderer),
    maxTextureSize: gl.getParameter(gl.MAX_TEXTURE_SIZE) as number,
    hasFloatTextures: env().getNumber('WEBGL_VERSION') === 2 && env().getBool('WEBGL_RENDER_FLOAT32_CAPABLE'),
    ...measurePrecision(backend),
  };
}

/** Powers of two that are added to 1; the last value is half of the smallest normal number. */
const POWERS = 30;

function measurePrecision(backend: MathBackendWebGL): Pick<DeviceFacts, 'epsilon' | 'flushesSubnormals'> {
  const values = new Float32Array(POWERS);
  for (let k = 0; k < POWERS - 1; k++) values[k] = 2 ** -k;
  values[POWERS - 1] = 2 ** -126;
  const x = backend.makeTensorInfo([POWERS], 'float32', values);
  const shifted = run(backend, {
    inputs: { x },
    outputShape: [POWERS],
    uniforms: {},
    floats: { one: 1, aHalf: 0.5 },
    // Uniforms, so that no compiler folds the sum away.
    source: `vec4 compute(int row, int pair) { return 2 * pair + 1 == ${POWERS - 1} ? xAt(0, pair) * vec4(1.0, aHalf, 1.0, 1.0) : xAt(0, pair) + one; }`,
  });
  const result = backend.readSync(shifted.dataId) as Float32Array;
  for (const info of [x, shifted]) backend.disposeIntermediateTensorInfo(info);
  const epsilons = Array.from(values.subarray(0, POWERS - 2), (power, k) => (result[k] > 1 ? power : 1));
  return { epsilon: Math.min(...epsilons), flushesSubnormals: result[POWERS - 1] === 0 };
}
