/** What a lost device, a too small device and a missing adapter look like to a caller. */
import { execFile } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { OutOfMemoryError, UnsupportedError } from '@hetconv/core';
import type { WebGPUProgram } from '@tensorflow/tfjs-backend-webgpu';
import * as tf from '@tensorflow/tfjs-core';
import { describe, expect, it } from 'vitest';
import { checkLimits, type Limits } from '../src/run/limits.ts';
import { openDevice, poison, type TestDevice } from './support/device.ts';

const opened = await openDevice();
const programs = fileURLToPath(new URL('programs/', import.meta.url));
const run = promisify(execFile);

describe('Dawn in Node', () => {
  it('sets up in one call, and the process exits by itself', async ({ skip }) => {
    needDevice(skip);
    const { stdout } = await run(process.execPath, [`${programs}one-call.ts`], { timeout: 60_000 });
    expect(JSON.parse(stdout)).toEqual({ backend: 'webgpu', y: [3, 3, 3, 3] });
  });

  it('names what to install where there is no adapter', async () => {
    const env = { ...process.env, VK_ICD_FILENAMES: '/nowhere/icd.json' };
    const { stdout } = await run(process.execPath, [`${programs}prepare.ts`], { timeout: 60_000, env });
    expect(JSON.parse(stdout)).toEqual({
      available: false,
      reason: expect.stringContaining(process.platform === 'linux' ? 'apt-get install libvulkan1' : 'adapter'),
    });
  });

  it('turns a lost device into one named error', async ({ skip }) => {
    needDevice(skip);
    const { stdout } = await run(process.execPath, [`${programs}lose-device.ts`], { timeout: 60_000 });
    expect(JSON.parse(stdout)).toEqual({ pending: 'device-lost', later: 'device-lost' });
  });
});

describe('device limits', () => {
  const limits: Limits = {
    maxBufferSize: 4000,
    maxStorageBufferBindingSize: 2000,
    maxComputeInvocationsPerWorkgroup: 256,
    maxComputeWorkgroupStorageSize: 16384,
    maxComputeWorkgroupsPerDimension: 10,
  };
  it('spreads workgroups over two dimensions', () => {
    expect(checkLimits(limits, { groups: 7, inputs: {} }, [1])).toEqual([7, 1, 1]);
    expect(checkLimits(limits, { groups: 25, inputs: {} }, [1])).toEqual([9, 3, 1]);
  });

  it('refuses what does not fit, by name', () => {
    expect(() => checkLimits(limits, { groups: 101, inputs: {} }, [1])).toThrow(UnsupportedError);
    expect(() => checkLimits(limits, { groups: 1, inputs: { source: input(501) } }, [1])).toThrow(
      /source of shape \[501\]/,
    );
    expect(() => checkLimits(limits, { groups: 1, inputs: {} }, [501])).toThrow(/maxStorageBufferBindingSize/);
    expect(() => checkLimits(limits, { groups: 1, inputs: {} }, [1001])).toThrow(OutOfMemoryError);
  });
});

describe('the net under these tests', () => {
  it('a shader that does not compile is noticed, and returns no recycled answer', async ({ skip }) => {
    const device = needDevice(skip);
    const { backend, errors } = device;
    await tf.setBackend('webgpu');
    const info = (): tf.TensorInfo => backend.makeTensorInfo([64], 'float32');
    const compute = async (text: string): Promise<number> => {
      const y = tf
        .engine()
        .makeTensorFromTensorInfo(backend.runWebGPUProgram(program(text), [], 'float32', [], info()));
      const values = await y.data();
      y.dispose();
      return values[0];
    };
    expect(await compute('result[index] = 7.0;')).toBe(7);
    poison(device);
    expect(await compute('result[index] = nonsense;')).not.toBe(7);
    await new Promise((resolve) => setTimeout(resolve, 20));
    expect(errors.splice(0).join()).toContain('nonsense');
  });
});

function input(size: number): tf.TensorInfo {
  return { dataId: {}, shape: [size], dtype: 'float32' };
}

function program(text: string): WebGPUProgram {
  return {
    variableNames: [],
    outputShape: [64],
    size: true,
    workgroupSize: [64, 1, 1],
    dispatch: [1, 1, 1],
    dispatchLayout: { x: [0] },
    shaderKey: text,
    getUserCode: () => `fn main(index : i32) { if (index < uniforms.size) { ${text} } }`,
  };
}

function needDevice(skip: (reason: string) => never): TestDevice {
  return typeof opened === 'string' ? skip(opened) : opened;
}
