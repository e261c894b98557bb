/**
 * The functions of the CUDA driver API that are used, with the C prototypes by which koffi calls them. `tools/check-header.ts` compares
 * these with NVIDIA's cuda.h. Device pointers and handles are 64-bit integers; a number holds them, for CUDA's addresses
 * have fewer than 53 bits.
 */
import { UnsupportedError } from '@hetconv/core';
import type { Koffi } from './host.ts';

/** A pointer to device memory, or a driver's handle. */
export type Handle = number;
/** CUresult: 0 is success. */
type Result = number;
/** Where C writes a result. */
export type Out<T> = [T];
type HostMemory = ArrayBufferView;

export interface DriverApi {
  cuInit(flags: number): Result;
  cuDriverGetVersion(version: Out<number>): Result;
  cuGetErrorName(code: number, name: Out<string | null>): Result;
  cuGetErrorString(code: number, text: Out<string | null>): Result;
  cuDeviceGetCount(count: Out<number>): Result;
  cuDeviceGet(device: Out<number>, ordinal: number): Result;
  cuDeviceGetName(name: HostMemory, size: number, device: number): Result;
  cuDeviceTotalMem(bytes: Out<number>, device: number): Result;
  cuDeviceGetAttribute(value: Out<number>, attribute: number, device: number): Result;
  cuDevicePrimaryCtxRetain(context: Out<Handle>, device: number): Result;
  cuDevicePrimaryCtxRelease(device: number): Result;
  cuCtxSetCurrent(context: Handle): Result;
  cuMemAlloc(pointer: Out<Handle>, bytes: number): Result;
  cuMemFree(pointer: Handle): Result;
  cuMemcpyDtoH(to: HostMemory, from: Handle, bytes: number): Result;
  cuMemcpyHtoDAsync(to: Handle, from: HostMemory, bytes: number, stream: Handle): Result;
  cuMemcpyDtoDAsync(to: Handle, from: Handle, bytes: number, stream: Handle): Result;
  cuMemsetD32Async(to: Handle, value: number, count: number, stream: Handle): Result;
  cuModuleLoadData(module: Out<Handle>, image: HostMemory): Result;
  cuModuleUnload(module: Handle): Result;
  cuModuleGetFunction(kernel: Out<Handle>, module: Handle, name: string): Result;
  cuLaunchKernel(
    kernel: Handle,
    gridX: number,
    gridY: number,
    gridZ: number,
    blockX: number,
    blockY: number,
    blockZ: number,
    sharedBytes: number,
    stream: Handle,
    parameters: Handle,
    extra: Handle,
  ): Result;
  cuStreamCreate(stream: Out<Handle>, flags: number): Result;
  cuStreamDestroy(stream: Handle): Result;
  cuStreamSynchronize(stream: Handle): Result;
  cuStreamQuery(stream: Handle): Result;
  cuEventCreate(event: Out<Handle>, flags: number): Result;
  cuEventDestroy(event: Handle): Result;
  cuEventRecord(event: Handle, stream: Handle): Result;
  cuEventQuery(event: Handle): Result;
  cuEventElapsedTime(milliseconds: Out<number>, start: Handle, end: Handle): Result;
}

/** `_v2` is what the header's plain names stand for: the 64-bit forms. */
export const PROTOTYPES: Readonly<Record<keyof DriverApi, string>> = {
  cuInit: 'int cuInit(uint32_t flags)',
  cuDriverGetVersion: 'int cuDriverGetVersion(_Out_ int *version)',
  cuGetErrorName: 'int cuGetErrorName(int code, _Out_ const char **name)',
  cuGetErrorString: 'int cuGetErrorString(int code, _Out_ const char **text)',
  cuDeviceGetCount: 'int cuDeviceGetCount(_Out_ int *count)',
  cuDeviceGet: 'int cuDeviceGet(_Out_ int *device, int ordinal)',
  cuDeviceGetName: 'int cuDeviceGetName(void *name, int size, int device)',
  cuDeviceTotalMem: 'int cuDeviceTotalMem_v2(_Out_ size_t *bytes, int device)',
  cuDeviceGetAttribute: 'int cuDeviceGetAttribute(_Out_ int *value, int attribute, int device)',
  cuDevicePrimaryCtxRetain: 'int cuDevicePrimaryCtxRetain(_Out_ uint64_t *context, int device)',
  cuDevicePrimaryCtxRelease: 'int cuDevicePrimaryCtxRelease_v2(int device)',
  cuCtxSetCurrent: 'int cuCtxSetCurrent(uint64_t context)',
  cuMemAlloc: 'int cuMemAlloc_v2(_Out_ uint64_t *pointer, size_t bytes)',
  cuMemFree: 'int cuMemFree_v2(uint64_t pointer)',
  cuMemcpyDtoH: 'int cuMemcpyDtoH_v2(void *to, uint64_t from, size_t bytes)',
  cuMemcpyHtoDAsync: 'int cuMemcpyHtoDAsync_v2(uint64_t to, const void *from, size_t bytes, uint64_t stream)',
  cuMemcpyDtoDAsync: 'int cuMemcpyDtoDAsync_v2(uint64_t to, uint64_t from, size_t bytes, uint64_t stream)',
  cuMemsetD32Async: 'int cuMemsetD32Async(uint64_t to, uint32_t value, size_t count, uint64_t stream)',
  cuModuleLoadData: 'int cuModuleLoadData(_Out_ uint64_t *module, const void *image)',
  cuModuleUnload: 'int cuModuleUnload(uint64_t module)',
  cuModuleGetFunction: 'int cuModuleGetFunction(_Out_ uint64_t *kernel, uint64_t module, const char *name)',
  cuLaunchKernel:
    'int cuLaunchKernel(uint64_t kernel, uint32_t gridX, uint32_t gridY, uint32_t gridZ, uint32_t blockX, uint32_t blockY, ' +
    'uint32_t blockZ, uint32_t sharedBytes, uint64_t stream, uint64_t parameters, uint64_t extra)',
  cuStreamCreate: 'int cuStreamCreate(_Out_ uint64_t *stream, uint32_t flags)',
  cuStreamDestroy: 'int cuStreamDestroy_v2(uint64_t stream)',
  cuStreamSynchronize: 'int cuStreamSynchronize(uint64_t stream)',
  cuStreamQuery: 'int cuStreamQuery(uint64_t stream)',
  cuEventCreate: 'int cuEventCreate(_Out_ uint64_t *event, uint32_t flags)',
  cuEventDestroy: 'int cuEventDestroy_v2(uint64_t event)',
  cuEventRecord: 'int cuEventRecord(uint64_t event, uint64_t stream)',
  cuEventQuery: 'int cuEventQuery(uint64_t event)',
  cuEventElapsedTime: 'int cuEventElapsedTime(_Out_ float *milliseconds, uint64_t start, uint64_t end)',
};

/** @throws UnsupportedError where the library lacks one of the functions */
export function bindDriver(library: Koffi.LibraryHandle, path: string): DriverApi {
  const bind = ([name, prototype]: [string, string]): [string, unknown] => {
    try {
      return [name, library.func(prototype)];
    } catch (error) {
      throw new UnsupportedError(`${path} is no CUDA driver, or too old a one: it lacks ${name}.`, { cause: error });
    }
  };
  return Object.fromEntries(Object.entries(PROTOTYPES).map(bind)) as DriverApi & Record<string, unknown>;
}
