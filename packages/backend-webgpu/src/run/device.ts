/** What is known of the device behind the tfjs webgpu backend, and what becomes of reads once it is lost. */
import { DeviceLostError, UnsupportedError } from '@hetconv/core';
import type { WebGPUBackend } from '@tensorflow/tfjs-backend-webgpu';
import { engine } from '@tensorflow/tfjs-core';

export interface DeviceFacts {
  readonly device: GPUDevice;
  readonly vendor: string;
  readonly architecture: string;
  readonly description: string;
  /** True for a rasteriser that computes on the CPU: its speed says little of a GPU. */
  readonly isSoftware: boolean;
}

/** @throws UnsupportedError where the backend has not been started */
export function deviceFacts(): DeviceFacts {
  const { device } = startedBackend();
  const { vendor, architecture, description } = infoOf(device);
  return { device, vendor, architecture, description, isSoftware: isSoftwareAdapter(device.adapterInfo) };
}

/** Old browsers have no adapterInfo, whatever the types say. */
function infoOf(device: {
  readonly adapterInfo?: GPUAdapterInfo;
}): Pick<GPUAdapterInfo, 'vendor' | 'architecture' | 'description'> {
  return device.adapterInfo ?? { vendor: '', architecture: '', description: '' };
}

/** Browsers leave most fields empty, and old ones the whole object out: then it is taken for a GPU. */
export function isSoftwareAdapter(info: GPUAdapterInfo | undefined): boolean {
  if (info === undefined) return false;
  const names = `${info.vendor} ${info.architecture} ${info.device} ${info.description}`;
  return info.isFallbackAdapter || /swiftshader|llvmpipe|lavapipe|basic render/i.test(names);
}

/** @throws UnsupportedError where the backend has not been started */
export function startedBackend(): WebGPUBackend {
  const backend = 'webgpu' in engine().registry ? engine().registry.webgpu : undefined;
  if (backend === undefined) {
    throw new UnsupportedError("The tfjs webgpu backend has not been started: await tf.setBackend('webgpu') first.");
  }
  return backend as WebGPUBackend;
}

const guarded = new WeakSet<WebGPUBackend>();

/**
 * Makes reads of a backend fail with a DeviceLostError once its device is lost; tfjs alone passes on a DOMException
 * or, where nothing was queued, stale numbers. Twice is a no-op.
 */
export function guardReads(backend: WebGPUBackend): void {
  if (guarded.has(backend)) return;
  guarded.add(backend);
  let lost: GPUDeviceLostInfo | undefined;
  const loss = backend.device.lost.then((info) => (lost = info));
  const read = backend.read.bind(backend);
  backend.read = async (dataId) => {
    if (lost !== undefined) throw lostError(lost);
    try {
      return await read(dataId);
    } catch (error) {
      // A pending read is rejected a moment before or after the loss is announced.
      const info = await Promise.race([loss, new Promise<undefined>((resolve) => setTimeout(resolve, 50, undefined))]);
      throw info === undefined ? error : lostError(info, error);
    }
  };
}

function lostError({ reason, message }: GPUDeviceLostInfo, cause?: unknown): DeviceLostError {
  return new DeviceLostError('webgpu', message || reason || 'no reason was given', { cause });
}
