// Where a thread is, and how it waits for others: what kernels (through cuda-shim.h) and the emulator share.
#pragma once
#include <algorithm>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <cstring>

struct dim3 {
  unsigned x = 1, y = 1, z = 1;
};

namespace emulator {
extern thread_local dim3 threadIndex, blockIndex, blockSize, gridSize;

void blockBarrier();
void warpBarrier();
unsigned linearThread();
// Leaves the caller's 8 bytes for its warp and takes those of a lane; a lane that does not exist gives back the caller's own.
uint64_t exchange(uint64_t mine, int lane);

template <class T>
inline T shuffle(T value, int lane) {
  static_assert(sizeof(T) <= 8, "shuffles move up to 8 bytes");
  uint64_t bits = 0;
  memcpy(&bits, &value, sizeof value);
  bits = exchange(bits, lane);
  memcpy(&value, &bits, sizeof value);
  return value;
}
}  // namespace emulator
