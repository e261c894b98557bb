/** What can be chosen before the backend starts, by code or by the environment. */
import { InvalidArgumentError } from '@hetconv/core';

export interface CudaOptions {
  /** Ordinal of the GPU. Default 0; environment: HETCONV_CUDA_DEVICE. */
  readonly device?: number;
  /**
   * Path of the library with the CUDA driver API. Default: the NVIDIA driver's, found by its name; environment:
   * HETCONV_CUDA_LIBRARY. An emulator is never chosen unless it is named here.
   */
  readonly library?: string;
  /**
   * `pooled` (default) keeps freed device memory for the next tensor of its size; `exact` allocates and frees every tensor by
   * itself, so that a tool which watches allocations sees each of them. Environment: HETCONV_CUDA_MEMORY.
   */
  readonly memory?: 'pooled' | 'exact';
}

let chosen: CudaOptions = {};

/** Chooses for the next start of the backend; what is not given comes from the environment. */
export function configure(options: CudaOptions): void {
  chosen = { ...options };
}

/**
 * What code has chosen, then the environment.
 *
 * @throws InvalidArgumentError for a value that is none
 */
export function currentOptions(): CudaOptions {
  const { HETCONV_CUDA_LIBRARY: library, HETCONV_CUDA_MEMORY: memory } = process.env;
  if (memory !== undefined && memory !== 'pooled' && memory !== 'exact') {
    throw new InvalidArgumentError('cuda', 'HETCONV_CUDA_MEMORY', memory, "'pooled' or 'exact'");
  }
  const device = ordinal('HETCONV_CUDA_DEVICE');
  return {
    ...(device === undefined ? {} : { device }),
    ...(library === undefined ? {} : { library }),
    ...(memory === undefined ? {} : { memory }),
    ...chosen,
  };
}

function ordinal(name: string): number | undefined {
  const text = process.env[name];
  if (text === undefined) return undefined;
  const value = Number(text);
  if (!Number.isInteger(value) || value < 0) {
    throw new InvalidArgumentError('cuda', name, text, 'an integer >= 0');
  }
  return value;
}
