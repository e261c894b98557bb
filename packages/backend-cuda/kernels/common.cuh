// What every kernel file includes: how kernels are declared, how they walk over elements, and their parameter blocks.
// Two compilers read these files: nvcc (to PTX) and g++ (tooling/cuda-emulator). So: plain SIMT C++, static shared memory.
#pragma once

#define KERNEL extern "C" __global__ void

// Elements i of n, the whole grid together. Unsigned: i + stride must not overflow for n close to 2^31.
#define FOR_EACH(i, n) \
  for (unsigned i = blockIdx.x * blockDim.x + threadIdx.x; i < unsigned(n); i += gridDim.x * blockDim.x)

// Tensors hold float or int; a bool tensor holds the ints 0 and 1.

constexpr int MAX_RANK = 8;

// Parameter blocks travel by value. Every field is a 32-bit int (or an array of them): tools/build-ptx.ts reads the fields
// from here, so that the host packs them by name.

// A rank-n box of elements and where two tensors have them: index = offset + sum of coordinate * stride.
struct Box {
  int size;
  int rank;
  int shape[MAX_RANK];
  int left[MAX_RANK];
  int right[MAX_RANK];
  int leftOffset;
  int rightOffset;
};

// HetConvPlan of core, field by field; also the window of standard convolutions, depthwise ones and pools.
struct Plan {
  int batch;
  int inHeight;
  int inWidth;
  int inChannels;
  int outHeight;
  int outWidth;
  int outChannels;
  int kernelHeight;
  int kernelWidth;
  int strideHeight;
  int strideWidth;
  int dilationHeight;
  int dilationWidth;
  int padTop;
  int padLeft;
  int part;
  int depth;
  int ringTaps;
  int anchorRow;
  int anchorCol;
};

// Offsets of element i of a box in the two tensors.
struct Offsets {
  int left;
  int right;
};

__device__ __forceinline__ Offsets offsetsOf(const Box& box, int i) {
  Offsets at = {box.leftOffset, box.rightOffset};
  for (int axis = box.rank - 1; axis > 0; --axis) {
    int coordinate = i % box.shape[axis];
    i /= box.shape[axis];
    at.left += coordinate * box.left[axis];
    at.right += coordinate * box.right[axis];
  }
  at.left += i * box.left[0];
  at.right += i * box.right[0];
  return at;
}
