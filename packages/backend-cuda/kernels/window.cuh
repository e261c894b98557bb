// The geometry of a convolution window, in either direction: which pixel a tap reads for a place of the result.
#pragma once
#include "common.cuh"

// The window of one place of the result: its image, and the position that tap (0, 0) stands for.
struct WindowAt {
  const float* image;
  int top, left;
};

// FORWARD: places are those of y, taps read x. BACKWARD: places are those of x, taps read dy.
enum Direction { FORWARD, BACKWARD };

template <Direction D>
struct Window {
  const Plan& p;

  __device__ __forceinline__ int sources() const { return D == FORWARD ? p.inChannels : p.outChannels; }
  __device__ __forceinline__ int targets() const { return D == FORWARD ? p.outChannels : p.inChannels; }
  __device__ __forceinline__ int taps() const { return p.kernelHeight * p.kernelWidth; }
  __device__ __forceinline__ int anchor() const { return p.anchorRow * p.kernelWidth + p.anchorCol; }
  __device__ __forceinline__ int places() const {
    return p.batch * (D == FORWARD ? p.outHeight * p.outWidth : p.inHeight * p.inWidth);
  }

  // A place past the last one has a window that meets nothing.
  __device__ __forceinline__ WindowAt at(const float* source, int place) const {
    if (place >= places()) return {source, -(1 << 30), -(1 << 30)};
    const int width = D == FORWARD ? p.outWidth : p.inWidth, height = D == FORWARD ? p.outHeight : p.inHeight;
    const int column = place % width, row = place / width % height, image = place / width / height;
    if (D == FORWARD)
      return {source + (long long)image * p.inHeight * p.inWidth * p.inChannels, row * p.strideHeight - p.padTop,
              column * p.strideWidth - p.padLeft};
    return {source + (long long)image * p.outHeight * p.outWidth * p.outChannels, row + p.padTop, column + p.padLeft};
  }

  // Index within the image of the pixel's first channel, or -1 where the tap meets no pixel.
  __device__ __forceinline__ int pixel(const WindowAt& at, int tap) const {
    const int u = tap / p.kernelWidth * p.dilationHeight, v = tap % p.kernelWidth * p.dilationWidth;
    if (D == FORWARD) {
      const int row = at.top + u, column = at.left + v;
      const bool isInside = row >= 0 && row < p.inHeight && column >= 0 && column < p.inWidth;
      return isInside ? (row * p.inWidth + column) * p.inChannels : -1;
    }
    int row = at.top - u, column = at.left - v;
    if (row < 0 || column < 0) return -1;
    if (p.strideHeight > 1) {
      if (row % p.strideHeight) return -1;
      row /= p.strideHeight;
    }
    if (p.strideWidth > 1) {
      if (column % p.strideWidth) return -1;
      column /= p.strideWidth;
    }
    return row < p.outHeight && column < p.outWidth ? (row * p.outWidth + column) * p.outChannels : -1;
  }
};

// Number of channels c < channels with c = residue (mod part).
__device__ __forceinline__ int residueDepth(int channels, int part, int residue) {
  return residue < channels ? (channels - 1 - residue) / part + 1 : 0;
}
