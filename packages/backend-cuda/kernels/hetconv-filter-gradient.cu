// Gradients of the weights: products of x and dy summed over all positions of the result.
//   d[t, q, n] = sum over positions of x[pixel of tap t, q*P + n mod P] * dy[position, n]
// `taps` says which: the ring (dspatial), the anchor alone (dpointwise, with P = 1), or all (a standard convolution, P = 1).
// The sum is cut into chunks, one copy of the gradient each: reduce_sum_f32 adds the copies, in a fixed order.
// Entries that are no weights (ragged residues) are not written: the host zeroes them.
#include "gemm.cuh"
#include "window.cuh"

enum Taps { ALL_TAPS, RING_TAPS, ANCHOR_TAP };

struct TapList {
  const Plan& p;
  int which;
  __device__ __forceinline__ int count() const {
    return which == ALL_TAPS ? p.ringTaps + 1 : which == RING_TAPS ? p.ringTaps : 1;
  }
  __device__ __forceinline__ int operator[](int t) const {
    const int anchor = p.anchorRow * p.kernelWidth + p.anchorCol;
    return which == ALL_TAPS ? t : which == ANCHOR_TAP ? anchor : t < anchor ? t : t + 1;
  }
};

// A tile holds entries (t, q) by filters of one residue; k runs over positions.
struct HetConvOuter {
  static constexpr bool LEFT_ALONG_K = false, RIGHT_ALONG_K = false;
  struct LeftAt {
    int tap, q;
  };
  typedef int RightAt;
  const Plan& p;
  const float *x, *dy;
  float* gradient;
  TapList taps;
  int residue, begin, end;
  int rows, columns, ringDepth;

  __device__ __forceinline__ Window<FORWARD> window() const { return {p}; }
  __device__ __forceinline__ LeftAt leftAt(int row) const { return {row / ringDepth, row % ringDepth}; }
  __device__ __forceinline__ int rightAt(int column) const { return column; }

  __device__ __forceinline__ void left(const LeftAt& at, int k, int, float (&v)[4]) const {
    v[0] = v[1] = v[2] = v[3] = 0.f;
    if (k >= end) return;
    const WindowAt here = window().at(x, k);
    int t = at.tap, q = at.q;
    if (p.part == 1 && ringDepth % 4 == 0) {
      const int pixel = t < taps.count() ? window().pixel(here, taps[t]) : -1;
      if (pixel >= 0) loadQuad(here.image + pixel, q, ringDepth, true, v);
      return;
    }
    int pixel = t < taps.count() ? window().pixel(here, taps[t]) : -1;
#pragma unroll
    for (int i = 0; i < 4; ++i) {
      if (pixel >= 0) v[i] = __ldg(here.image + pixel + q * p.part + residue);
      if (++q == ringDepth) {
        q = 0;
        pixel = ++t < taps.count() ? window().pixel(here, taps[t]) : -1;
      }
    }
  }

  __device__ __forceinline__ void right(int column, int k, int, float (&v)[4]) const {
    v[0] = v[1] = v[2] = v[3] = 0.f;
    if (k >= end) return;
    const float* line = dy + (long long)k * p.outChannels;
    if (p.part == 1) {
      loadQuad(line, column, columns, p.outChannels % 4 == 0, v);
    } else {
#pragma unroll
      for (int i = 0; i < 4; ++i)
        if (column + i < columns) v[i] = __ldg(line + residue + (column + i) * p.part);
    }
  }

  template <class T>
  __device__ __forceinline__ void finish(int, int, float (&)[T::THREAD_ROWS][T::THREAD_COLUMNS]) const {}

  // Without the padding, which the tile multiplies as 0.
  __device__ __noinline__ float exact(int tap, int q, int filter) const {
    float sum = 0.f;
    for (int position = begin; position < end; ++position) {
      const WindowAt at = window().at(x, position);
      const int pixel = window().pixel(at, tap);
      if (pixel >= 0)
        sum += at.image[pixel + q * p.part + residue] * dy[(long long)position * p.outChannels + filter];
    }
    return sum;
  }

  __device__ __noinline__ float4 repaired(int tap, int q, int filter, int count, float4 v) const {
    if (!isFiniteNumber(v.x)) v.x = exact(tap, q, filter);
    if (count > 1 && !isFiniteNumber(v.y)) v.y = exact(tap, q, filter + p.part);
    if (count > 2 && !isFiniteNumber(v.z)) v.z = exact(tap, q, filter + 2 * p.part);
    if (count > 3 && !isFiniteNumber(v.w)) v.w = exact(tap, q, filter + 3 * p.part);
    return v;
  }

  __device__ __forceinline__ void store(int row, int column, int count, float (&v)[4]) const {
    const LeftAt at = leftAt(row);
    const int filter = residue + column * p.part;
    if (!areFinite(v)) {
      const float4 d = repaired(taps[at.tap], at.q, filter, count, make_float4(v[0], v[1], v[2], v[3]));
      v[0] = d.x, v[1] = d.y, v[2] = d.z, v[3] = d.w;
    }
    float* line = gradient + ((long long)at.tap * p.depth + at.q) * p.outChannels;
    if (p.part == 1) {
      storeQuad(line, column, columns, columns % 4 == 0, v);
    } else {
#pragma unroll
      for (int j = 0; j < 4; ++j)
        if (j < count) line[filter + j * p.part] = v[j];
    }
  }
};

// blockIdx: tiles of entries, tiles of filters, residues times chunks.
template <class T>
__device__ __forceinline__ void outer(const float* x, const float* dy, float* gradient, int which, int chunks,
                                      const Plan& p) {
  const int residue = blockIdx.z / chunks, chunk = blockIdx.z % chunks;
  const int positions = p.batch * p.outHeight * p.outWidth;
  const TapList taps = {p, which};
  const int begin = int((long long)positions * chunk / chunks), end = int((long long)positions * (chunk + 1) / chunks);
  const int ringDepth = residueDepth(p.inChannels, p.part, residue);
  const HetConvOuter problem = {p,       x,     dy,  gradient + (long long)chunk * taps.count() * p.depth * p.outChannels,
                                taps,    residue, begin, end,
                                taps.count() * ringDepth, residueDepth(p.outChannels, p.part, residue), ringDepth};
  const int firstRow = blockIdx.x * T::ROWS, firstColumn = blockIdx.y * T::COLUMNS;
  if (firstRow >= problem.rows || firstColumn >= problem.columns) return;
  multiply<T>(problem, firstRow, firstColumn, begin, end);
}

#define FILTER_GRADIENT(name, T)                                                                                      \
  KERNEL __launch_bounds__(T::THREADS, T::BLOCKS)                                                                               \
      hetconv_filter_gradient_##name(const float* __restrict__ x, const float* __restrict__ dy,                      \
                                     float* __restrict__ gradient, int taps, int chunks, const Plan p) {              \
    outer<T>(x, dy, gradient, taps, chunks, p);                                                                       \
  }

FILTER_GRADIENT(large_residues, LargeTile)
FILTER_GRADIENT(medium_residues, MediumTile)
FILTER_GRADIENT(small_residues, SmallTile)

// For a large P: 32 filters in a row by 8 shares of the positions a block, one entry (t, q) each. blockIdx: filters, entries, chunks.
KERNEL __launch_bounds__(256)
    hetconv_filter_gradient_lanes(const float* __restrict__ x, const float* __restrict__ dy,
                                  float* __restrict__ gradient, int which, const Plan p) {
  __shared__ float partial[8][32];
  const Window<FORWARD> window = {p};
  const TapList taps = {p, which};
  const int lane = threadIdx.x % 32, share = threadIdx.x / 32;
  const int filter = blockIdx.x * 32 + lane, chunks = gridDim.z, chunk = blockIdx.z;
  const int positions = p.batch * p.outHeight * p.outWidth;
  const int begin = int((long long)positions * chunk / chunks), end = int((long long)positions * (chunk + 1) / chunks);
  for (int entry = blockIdx.y; entry < taps.count() * p.depth; entry += gridDim.y) {
    const int tap = taps[entry / p.depth], channel = entry % p.depth * p.part + filter % p.part;
    const bool exists = filter < p.outChannels && channel < p.inChannels;
    float sum = 0.f;
    if (exists)
      for (int position = begin + share; position < end; position += 8) {
        const WindowAt at = window.at(x, position);
        const int pixel = window.pixel(at, tap);
        if (pixel >= 0)
          sum += __ldg(at.image + pixel + channel) * __ldg(dy + (long long)position * p.outChannels + filter);
      }
    partial[share][lane] = sum;
    for (int half = 4; half > 0; half /= 2) {
      __syncthreads();
      if (share < half) partial[share][lane] += partial[share + half][lane];
    }
    const long long copy = (long long)chunk * taps.count() * p.depth;
    if (share == 0 && exists) gradient[(copy + entry) * p.outChannels + filter] = partial[0][lane];
    __syncthreads();
  }
}
