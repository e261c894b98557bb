/** Device limits, checked before anything is allocated: WebGPU itself reports them later, and not to the caller. */
import { OutOfMemoryError, UnsupportedError } from '@hetconv/core';
import type { TensorInfo } from '@tensorflow/tfjs-core';

/** The part of GPUSupportedLimits that matters here. */
export type Limits = Pick<
  GPUSupportedLimits,
  | 'maxBufferSize'
  | 'maxComputeInvocationsPerWorkgroup'
  | 'maxComputeWorkgroupsPerDimension'
  | 'maxComputeWorkgroupStorageSize'
  | 'maxStorageBufferBindingSize'
>;

interface Request {
  readonly groups: number;
  readonly inputs: Readonly<Record<string, TensorInfo>>;
}

/**
 * @returns how the workgroups are spread over the dispatch's two dimensions
 * @throws OutOfMemoryError where the result exceeds the largest buffer
 * @throws UnsupportedError where a tensor cannot be bound as a whole, or there are more workgroups than two dimensions hold
 */
export function checkLimits(
  limits: Limits,
  request: Request,
  resultShape: readonly number[],
): [number, number, number] {
  const bytes = bytesOf(resultShape);
  if (bytes > limits.maxBufferSize)
    throw new OutOfMemoryError('webgpu', `a result of shape [${resultShape.join(', ')}]`, bytes);
  for (const [name, shape] of [['result', resultShape], ...shapesOf(request)] as const) {
    if (bytesOf(shape) <= limits.maxStorageBufferBindingSize) continue;
    throw new UnsupportedError(
      `HetConv on webgpu: ${name} of shape [${shape.join(', ')}] takes ${bytesOf(shape)} bytes, but this device binds at most ` +
        `${limits.maxStorageBufferBindingSize} bytes (maxStorageBufferBindingSize). Use a smaller batch or image.`,
    );
  }
  const most = limits.maxComputeWorkgroupsPerDimension;
  const rows = Math.ceil(request.groups / most);
  if (rows > most) {
    throw new UnsupportedError(
      `HetConv on webgpu: ${request.groups} workgroups are needed, but this device runs at most ${most} x ${most}. Use a smaller batch or image.`,
    );
  }
  return [Math.ceil(request.groups / rows), rows, 1];
}

function shapesOf({ inputs }: Request): (readonly [string, readonly number[]])[] {
  return Object.entries(inputs).map(([name, { shape }]) => [name, shape] as const);
}

function bytesOf(shape: readonly number[]): number {
  return shape.reduce((product, side) => product * side, 4);
}
