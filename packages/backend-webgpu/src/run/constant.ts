/** Results that need no shader. WebGPU binds no empty buffer, so that empty tensors never reach one. */
import type { WebGPUBackend } from '@tensorflow/tfjs-backend-webgpu';
import type { TensorInfo } from '@tensorflow/tfjs-core';

export function isEmpty(shape: readonly number[]): boolean {
  return shape.includes(0);
}

export function emptyTensor(backend: WebGPUBackend, shape: number[]): TensorInfo {
  return backend.makeTensorInfo(shape, 'float32', new Float32Array(0));
}

export function zeros(backend: WebGPUBackend, shape: number[]): TensorInfo {
  const size = shape.reduce((product, side) => product * side, 1);
  return backend.makeTensorInfo(shape, 'float32', new Float32Array(size));
}
