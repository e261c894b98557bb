/** What can be chosen before the backend starts, by code or by the environment. */

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
  /**
   * Treats the GPU as one of so many multiprocessors when tiles and chunks are chosen. For tests: on a large GPU small problems never
   * get the large tiles. Environment: HETCONV_CUDA_MULTIPROCESSORS.
   */
  readonly multiprocessors?: number;
}

let chosen: CudaOptions = {};

/** Chooses for the next start of the backend; what is not given comes from the environment. */
export function configure(options: CudaOptions): void {
  chosen = { ...options };
}

/** What code has chosen, then the environment. */
export function currentOptions(): CudaOptions {
  const { env } = process;
  const { HETCONV_CUDA_DEVICE, HETCONV_CUDA_LIBRARY, HETCONV_CUDA_MEMORY, HETCONV_CUDA_MULTIPROCESSORS } = env;
  return {
    ...(HETCONV_CUDA_DEVICE ? { device: Number(HETCONV_CUDA_DEVICE) } : {}),
    ...(HETCONV_CUDA_LIBRARY ? { library: HETCONV_CUDA_LIBRARY } : {}),
    ...(HETCONV_CUDA_MEMORY === 'exact' ? { memory: 'exact' as const } : {}),
    ...(HETCONV_CUDA_MULTIPROCESSORS ? { multiprocessors: Number(HETCONV_CUDA_MULTIPROCESSORS) } : {}),
    ...chosen,
  };
}
