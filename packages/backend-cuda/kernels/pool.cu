// Max and average pooling over NHWC images and their gradients. Padding takes no part: averages divide by what is inside.
#include "common.cuh"

struct Place {
  int image, row, column, channel;
};

__device__ __forceinline__ Place placeOf(unsigned i, int height, int width, int channels) {
  Place at;
  at.channel = i % channels;
  i /= channels;
  at.column = i % width;
  i /= width;
  at.row = i % height;
  at.image = i / height;
  return at;
}

// Input rows [begin, end) of one window, in steps: those inside the image.
struct Span {
  int begin, end, step;
};

__device__ __forceinline__ Span spanOf(int origin, int kernel, int dilation, int size) {
  Span span = {origin, origin + kernel * dilation, dilation};
  while (span.begin < 0) span.begin += dilation;
  if (span.end > size) span.end = size;
  return span;
}

__device__ __forceinline__ int inputIndex(const Plan& p, const Place& at, int row, int column) {
  return ((at.image * p.inHeight + row) * p.inWidth + column) * p.inChannels + at.channel;
}

__device__ __forceinline__ int outputIndex(const Plan& p, const Place& at, int row, int column) {
  return ((at.image * p.outHeight + row) * p.outWidth + column) * p.inChannels + at.channel;
}

__device__ __forceinline__ Span rowsOf(const Plan& p, int row) {
  return spanOf(row * p.strideHeight - p.padTop, p.kernelHeight, p.dilationHeight, p.inHeight);
}

__device__ __forceinline__ Span columnsOf(const Plan& p, int column) {
  return spanOf(column * p.strideWidth - p.padLeft, p.kernelWidth, p.dilationWidth, p.inWidth);
}

// Index of the first largest input of an output's window, -1 where the window has none that compares.
__device__ __forceinline__ int largestOf(const Plan& p, const float* x, const Place& at, int row, int column) {
  const Span rows = rowsOf(p, row), columns = columnsOf(p, column);
  int best = -1;
  for (int r = rows.begin; r < rows.end; r += rows.step)
    for (int c = columns.begin; c < columns.end; c += columns.step) {
      int i = inputIndex(p, at, r, c);
      if (best < 0 ? x[i] == x[i] : x[i] > x[best]) best = i;
    }
  return best;
}

__device__ __forceinline__ int countOf(const Plan& p, int row, int column) {
  const Span rows = rowsOf(p, row), columns = columnsOf(p, column);
  const int height = rows.end > rows.begin ? (rows.end - rows.begin - 1) / rows.step + 1 : 0;
  const int width = columns.end > columns.begin ? (columns.end - columns.begin - 1) / columns.step + 1 : 0;
  return height * width;
}

KERNEL max_pool(const float* __restrict__ x, float* __restrict__ y, int n, const Plan p) {
  FOR_EACH(i, n) {
    const Place at = placeOf(i, p.outHeight, p.outWidth, p.inChannels);
    const int best = largestOf(p, x, at, at.row, at.column);
    y[i] = best < 0 ? -INFINITY : x[best];
  }
}

KERNEL average_pool(const float* __restrict__ x, float* __restrict__ y, int n, const Plan p) {
  FOR_EACH(i, n) {
    const Place at = placeOf(i, p.outHeight, p.outWidth, p.inChannels);
    const Span rows = rowsOf(p, at.row), columns = columnsOf(p, at.column);
    float sum = 0.f;
    for (int r = rows.begin; r < rows.end; r += rows.step)
      for (int c = columns.begin; c < columns.end; c += columns.step) sum += x[inputIndex(p, at, r, c)];
    y[i] = sum / countOf(p, at.row, at.column);
  }
}

// The output that reads input position `at` through offset `tap` of its window, or -1.
__device__ __forceinline__ int outputOf(int position, int pad, int tap, int dilation, int stride, int outputs) {
  const int shifted = position + pad - tap * dilation;
  if (shifted < 0 || shifted % stride != 0) return -1;
  return shifted / stride < outputs ? shifted / stride : -1;
}

// dx of max pooling: every dy whose window has this input as its first largest. Gathers, so that no atomics are needed.
KERNEL max_pool_gradient(const float* __restrict__ dy, const float* __restrict__ x, float* __restrict__ dx, int n,
                         const Plan p) {
  FOR_EACH(i, n) {
    const Place at = placeOf(i, p.inHeight, p.inWidth, p.inChannels);
    float sum = 0.f;
    for (int u = 0; u < p.kernelHeight; ++u) {
      const int row = outputOf(at.row, p.padTop, u, p.dilationHeight, p.strideHeight, p.outHeight);
      if (row < 0) continue;
      for (int v = 0; v < p.kernelWidth; ++v) {
        const int column = outputOf(at.column, p.padLeft, v, p.dilationWidth, p.strideWidth, p.outWidth);
        if (column >= 0 && largestOf(p, x, at, row, column) == int(i)) sum += dy[outputIndex(p, at, row, column)];
      }
    }
    dx[i] = sum;
  }
}

// dx of average pooling as tfjs defines it: every output's dy over the whole window's size, padding included.
KERNEL average_pool_gradient(const float* __restrict__ dy, float* __restrict__ dx, int n, const Plan p) {
  FOR_EACH(i, n) {
    const Place at = placeOf(i, p.inHeight, p.inWidth, p.inChannels);
    float sum = 0.f;
    for (int u = 0; u < p.kernelHeight; ++u) {
      const int row = outputOf(at.row, p.padTop, u, p.dilationHeight, p.strideHeight, p.outHeight);
      if (row < 0) continue;
      for (int v = 0; v < p.kernelWidth; ++v) {
        const int column = outputOf(at.column, p.padLeft, v, p.dilationWidth, p.strideWidth, p.outWidth);
        if (column >= 0) sum += dy[outputIndex(p, at, row, column)];
      }
    }
    dx[i] = sum / (p.kernelHeight * p.kernelWidth);
  }
}
