/** What the device is measured to be, what it cannot hold, and what happens when it is gone. */
import {
  createRandom,
  DeviceLostError,
  type HetConvPlan,
  OutOfMemoryError,
  planHetConv,
  referenceForward,
} from '@hetconv/core';
import { MathBackendWebGL } from '@tensorflow/tfjs-backend-webgl';
import * as tf from '@tensorflow/tfjs-core';
import { afterEach, beforeAll, describe, expect, it } from 'vitest';
import '@tensorflow/tfjs-backend-cpu';
import { measureDevice } from '../src/device.ts';
import { backend, webglKernels } from '../src/index.ts';

const plan = planHetConv({ inputShape: [1, 6, 6, 8], outChannels: 8, part: 4, kernelSize: 3, pad: 'same' });

beforeAll(async () => {
  expect(await backend.prepare()).toEqual({ available: true });
});

/** A device on a canvas of its own: the one that tfjs uses stays whole. */
function ownDevice(): MathBackendWebGL {
  return new MathBackendWebGL(document.createElement('canvas'));
}

function values(size: number): Float32Array {
  const random = createRandom(`device ${size}`);
  return Float32Array.from({ length: size }, () => random.truncatedNormal());
}

/** The same layer on any device, with the oracle's answer. */
function forward(device: MathBackendWebGL, { batch = 1 } = {}): { y: tf.TensorInfo; expected: Float64Array } {
  const sized: HetConvPlan = { ...plan, batch };
  const [x, pointwise, spatial] = [values(batch * 6 * 6 * 8), values(8 * 8), values(8 * 2 * 8)];
  const y = webglKernels.forward({
    backend: device,
    plan: sized,
    x: device.makeTensorInfo([batch, 6, 6, 8], 'float32', x),
    pointwise: device.makeTensorInfo([1, 1, 8, 8], 'float32', pointwise),
    spatial: device.makeTensorInfo([8, 2, 8], 'float32', spatial),
    activation: 'linear',
    leakyreluAlpha: 0,
  });
  return { y, expected: referenceForward(sized, x, pointwise, spatial).values };
}

describe('the device', () => {
  it('computes in float32, whatever tfjs says', () => {
    expect(backend.describe?.()).toMatchObject({ hasFloatTextures: true, epsilon: 2 ** -23 });
  });

  it('is not made the current backend by prepare()', async () => {
    await tf.setBackend('cpu');
    await backend.prepare();
    expect(tf.getBackend()).toBe('cpu');
  });

  it('refuses a tensor that no texture holds, before anything is computed', () => {
    const device = ownDevice();
    const side = 4 * Number(backend.describe?.().maxTextureSize);
    const huge = { dataId: {}, shape: [1, side, side, 8], dtype: 'float32' as const };
    const call = { backend: device, plan: { ...plan, inHeight: side, inWidth: side }, x: huge, dy: huge };
    expect(() => webglKernels.pointwiseGradient(call)).toThrow(OutOfMemoryError);
    expect(() => webglKernels.pointwiseGradient(call)).toThrow(
      /needs a texture of \d+ x \d+, and this device has at most/,
    );
    expect(device.numDataIds()).toBe(0);
    device.dispose();
  });

  it('runs our programs for tensors that tfjs would keep on the cpu, and few of them: sizes are uniforms', () => {
    const forwarded = tf.env().getBool('WEBGL_CPU_FORWARD');
    tf.env().set('WEBGL_CPU_FORWARD', true);
    const device = ownDevice();
    const sources = new Set<string>();
    const run = device.runWebGLProgram.bind(device);
    device.runWebGLProgram = (program, ...rest) => {
      if (program.userCode.includes('vec4 compute(')) sources.add(program.userCode);
      return run(program, ...rest);
    };
    forward(device);
    const first = sources.size;
    forward(device, { batch: 3 });
    tf.env().set('WEBGL_CPU_FORWARD', forwarded);
    expect(first).toBeGreaterThan(0);
    expect(sources.size).toBe(first);
    device.dispose();
  });
});

describe('a lost context', () => {
  it('is one named error for reads under way, later reads and later kernels', async () => {
    const device = ownDevice();
    const { y } = forward(device);
    const underWay = device.read(y.dataId);
    device.getGPGPUContext().gl.getExtension('WEBGL_lose_context')?.loseContext();
    await expect(underWay).rejects.toThrow(DeviceLostError);
    await expect(device.read(y.dataId)).rejects.toThrow(/webglcontextlost/);
    expect(() => device.readSync(y.dataId)).toThrow(DeviceLostError);
    expect(() => forward(device)).toThrow(DeviceLostError);
  });
});

describe('half-float textures', () => {
  const flags = { WEBGL_FORCE_F16_TEXTURES: true, WEBGL_RENDER_FLOAT32_ENABLED: false };
  const before = new Map<string, boolean>();
  afterEach(() => {
    for (const [name, value] of before) tf.env().set(name, value);
  });

  it('are measured as such, and give results as exact as they are', async () => {
    for (const [name, value] of Object.entries(flags)) {
      before.set(name, tf.env().getBool(name));
      tf.env().set(name, value);
    }
    const device = ownDevice();
    expect(measureDevice(device).epsilon).toBe(2 ** -10);
    const { y, expected } = forward(device);
    const actual = (await device.read(y.dataId)) as Float32Array;
    const error = Math.max(...expected.map((value, i) => Math.abs(actual[i] - value)));
    expect(error).toBeGreaterThan(1e-5); // or the textures were not half-float at all
    // 24 products: inputs and result are rounded to 11 bits, the sum itself is float32.
    expect(error).toBeLessThan(3 * 2 ** -11 * Math.max(...expected.map(Math.abs)) * 4);
    device.dispose();
  });
});
