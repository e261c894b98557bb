/** The device of the tests: Dawn, wherever it finds an adapter; every WebGPU error is kept, because none of them throws. */
import { engine, env } from '@tensorflow/tfjs-core';
import type { WebGPUBackend } from '@tensorflow/tfjs-backend-webgpu';
import { backend as provider } from '../../src/index.ts';

export interface TestDevice {
  readonly backend: WebGPUBackend;
  /** Messages of device.onuncapturederror. */
  readonly errors: string[];
}

let opening: Promise<TestDevice | string> | undefined;

/** The device, or the reason why there is none. */
export function openDevice(): Promise<TestDevice | string> {
  return (opening ??= open());
}

async function open(): Promise<TestDevice | string> {
  const availability = await provider.prepare();
  if (!availability.available) return availability.reason;
  env().set('WEBGPU_CPU_FORWARD', false);
  const backend = engine().findBackend('webgpu') as WebGPUBackend;
  const errors: string[] = [];
  backend.device.addEventListener('uncapturederror', ({ error }) => errors.push(error.message));
  return { backend, errors };
}

/**
 * Fills the buffers that wait for reuse with NaN, those that results are read through among them: a shader that does not
 * run cannot return an earlier one's answer.
 */
export function poison({ backend }: TestDevice): void {
  const { device } = backend;
  const free = backend.bufferManager as unknown as { readonly freeBuffers: Map<string, GPUBuffer[]> };
  for (const buffer of [...free.freeBuffers.values()].flat()) {
    if (buffer.mapState !== 'unmapped' || (buffer.usage & GPUBufferUsage.COPY_DST) === 0) continue;
    device.queue.writeBuffer(buffer, 0, new Float32Array(buffer.size / 4).fill(Number.NaN));
  }
}
