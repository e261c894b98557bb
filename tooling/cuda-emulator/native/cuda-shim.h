// Enough of CUDA C++ for plain SIMT kernels, included before a .cu file that g++ compiles for the CPU. Each thread of a block is a
// fiber (fibers.h): __syncthreads and warp shuffles are real, shared memory is real, atomics are atomic.
#pragma once
#include "simt.h"

#ifdef EMULATOR_LIST_KERNELS  // a preprocessing run that looks for kernels: see src/kernel-names.ts
#define __global__ EMULATED_KERNEL
#else
#define __global__
#endif
#define __device__
#define __host__
#define __forceinline__ inline
#define __noinline__ __attribute__((noinline))
#define __launch_bounds__(...)
#define __align__(n) __attribute__((aligned(n)))
#define __shared__ static thread_local  // a block runs on one OS thread
#define __constant__ static

struct __align__(16) float4 {
  float x, y, z, w;
};
static inline float4 make_float4(float x, float y, float z, float w) { return {x, y, z, w}; }

#define threadIdx emulator::threadIndex
#define blockIdx emulator::blockIndex
#define blockDim emulator::blockSize
#define gridDim emulator::gridSize
#define warpSize 32

static inline void __syncthreads() { emulator::blockBarrier(); }
static inline void __syncwarp(unsigned = ~0u) { emulator::warpBarrier(); }
template <class T>
static inline T __shfl_sync(unsigned, T v, int lane) {
  return emulator::shuffle(v, lane & 31);
}
template <class T>
static inline T __shfl_xor_sync(unsigned, T v, int mask) {
  return emulator::shuffle(v, (emulator::linearThread() & 31) ^ mask);
}
template <class T>
static inline T __shfl_down_sync(unsigned, T v, int delta) {
  return emulator::shuffle(v, (emulator::linearThread() & 31) + delta);
}

template <class T>
static inline T __ldg(const T* p) {
  return *p;
}

template <class T, class Merge>
static inline T atomicUpdate(T* p, Merge merge) {
  static_assert(sizeof(T) == 4, "atomics are of 32 bits");
  uint32_t* word = reinterpret_cast<uint32_t*>(p);
  uint32_t before = __atomic_load_n(word, __ATOMIC_RELAXED), after;
  T value;
  do {
    memcpy(&value, &before, 4);
    const T merged = merge(value);
    memcpy(&after, &merged, 4);
  } while (!__atomic_compare_exchange_n(word, &before, after, false, __ATOMIC_RELAXED, __ATOMIC_RELAXED));
  return value;
}
template <class T>
static inline T atomicAdd(T* p, T v) {
  return atomicUpdate(p, [v](T old) { return old + v; });
}
template <class T>
static inline T atomicMax(T* p, T v) {
  return atomicUpdate(p, [v](T old) { return v > old ? v : old; });
}

template <class T>
static inline T min(T a, T b) {
  return b < a ? b : a;
}
template <class T>
static inline T max(T a, T b) {
  return a < b ? b : a;
}
