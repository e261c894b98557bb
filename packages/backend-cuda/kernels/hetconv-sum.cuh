// HetConv forward and its gradient with respect to the input, as products for gemm.cuh. A standard convolution is the case P = 1
// whose two weight tensors are one: `isDense` says that taps are counted with the anchor among them.
//
// Residues: a tile holds targets of one residue r mod P. k runs over the sources at the anchor tap, then, tap by tap, over the
// ring's sources of that residue: one product, no zero in it.
// Lanes: a tile holds targets in a row, of any residue. k runs over the anchor tap alone; each thread then adds the ring
// of its own sums. For a large P, where residues have too few targets to fill a tile.
//
// The input gradient has the same shape with M and N exchanged (op-spec, identity 7).
#pragma once
#include "activation.cuh"
#include "gemm.cuh"
#include "window.cuh"

struct Weights {
  const float* pointwise;  // [M, N]
  const float* spatial;    // [T, Q, N]; where isDense [taps, M, N]
  int isDense;
};

template <Direction D, bool LANES>
struct HetConvSum {
  static constexpr bool LEFT_ALONG_K = true, RIGHT_ALONG_K = D == BACKWARD;
  typedef WindowAt LeftAt;
  typedef int RightAt;
  const Plan& p;
  const float* source;
  Weights weights;
  float* target;
  int residue;
  Epilogue epilogue;
  // Derived, see `prepared`.
  int rows, columns, depth, ringDepth, step;

  __device__ __forceinline__ Window<D> window() const { return {p}; }

  __device__ __forceinline__ HetConvSum prepared() const {
    HetConvSum made = *this;
    const Window<D> w = window();
    made.rows = w.places();
    made.step = LANES ? 1 : p.part;
    made.columns = residueDepth(w.targets(), made.step, residue);
    made.ringDepth = LANES ? 0 : residueDepth(w.sources(), p.part, residue);
    made.depth = w.sources() + p.ringTaps * made.ringDepth;
    return made;
  }

  // The t-th tap of the ring, and where its weights begin.
  __device__ __forceinline__ int ringTap(int t) const { return t < window().anchor() ? t : t + 1; }
  __device__ __forceinline__ const float* ringWeights(int t) const {
    const int matrix = weights.isDense ? ringTap(t) : t;
    return weights.spatial + (long long)matrix * p.depth * p.outChannels;
  }

  __device__ __forceinline__ WindowAt leftAt(int place) const { return window().at(source, place); }
  __device__ __forceinline__ int rightAt(int column) const { return column; }

  __device__ __forceinline__ float leftValue(const WindowAt& at, int k) const {
    const int sources = window().sources();
    int tap = window().anchor(), channel = k;
    if (k >= sources) {
      tap = ringTap((k - sources) / ringDepth);
      channel = (k - sources) % ringDepth * p.part + residue;
    }
    const int pixel = window().pixel(at, tap);
    return pixel < 0 ? 0.f : __ldg(at.image + pixel + channel);
  }

  __device__ __forceinline__ void left(const WindowAt& at, int k, int end, float (&v)[4]) const {
    const int sources = window().sources();
    const bool isAnchor = k < sources;
    v[0] = v[1] = v[2] = v[3] = 0.f;
    if (sources % 4 == 0 && (isAnchor || ringDepth % 4 == 0)) {
      if (k >= end) return;
      const int inRing = isAnchor ? 0 : (k - sources) % ringDepth;
      const int tap = isAnchor ? window().anchor() : ringTap((k - sources) / ringDepth);
      const int pixel = window().pixel(at, tap);
      if (pixel < 0) return;
      const float* from = at.image + pixel;
      if (isAnchor || p.part == 1) {
        loadQuad(from, isAnchor ? k : inRing, sources, true, v);
      } else {
#pragma unroll
        for (int i = 0; i < 4; ++i) v[i] = __ldg(from + (inRing + i) * p.part + residue);
      }
      return;
    }
#pragma unroll
    for (int i = 0; i < 4; ++i)
      if (k + i < end) v[i] = leftValue(at, k + i);
  }

  // W of target `column` of the residue and product k.
  __device__ __forceinline__ float rightValue(int column, int k) const {
    const int sources = window().sources(), channel = residue + column * step;
    if (k < sources)
      return __ldg(weights.pointwise + (D == FORWARD ? k * p.outChannels + channel : channel * p.outChannels + k));
    const float* ring = ringWeights((k - sources) / ringDepth);
    const int q = (k - sources) % ringDepth;
    return __ldg(ring + (D == FORWARD ? q * p.outChannels + channel : column * p.outChannels + residue + q * p.part));
  }

  __device__ __forceinline__ void right(int column, int k, int end, float (&v)[4]) const {
    const int sources = window().sources();
    const bool isAnchor = k < sources, isQuad = p.outChannels % 4 == 0;
    v[0] = v[1] = v[2] = v[3] = 0.f;
    if (D == FORWARD) {  // four targets of one k
      if (k >= end) return;
      const float* line = isAnchor ? weights.pointwise + k * p.outChannels
                                   : ringWeights((k - sources) / ringDepth) + (k - sources) % ringDepth * p.outChannels;
      if (step == 1) {
        loadQuad(line, column, columns, isQuad, v);
      } else {
#pragma unroll
        for (int i = 0; i < 4; ++i)
          if (column + i < columns) v[i] = __ldg(line + residue + (column + i) * step);
      }
      return;
    }
    if (column >= columns) return;
    if (isQuad && isAnchor && k < end) {
      loadQuad(weights.pointwise + (residue + column * step) * p.outChannels, k, sources, true, v);
      return;
    }
#pragma unroll
    for (int i = 0; i < 4; ++i)
      if (k + i < end) v[i] = rightValue(column, k + i);
  }

  // Lanes: adds the ring to sums of the anchor, a row of the thread at a time.
  template <class T>
  __device__ __forceinline__ void finish(int firstRow, int firstColumn,
                                         float (&sum)[T::THREAD_ROWS][T::THREAD_COLUMNS]) const {
    for (int i = 0; LANES && i < T::THREAD_ROWS; ++i) {
      float ringSums[T::THREAD_COLUMNS] = {};
      const WindowAt at = leftAt(firstRow + T::row(threadIdx.x, i));
      for (int t = 0; t < p.ringTaps; ++t) {
        const int pixel = window().pixel(at, ringTap(t));
        if (pixel < 0) continue;
        const float* ring = ringWeights(t);
#pragma unroll
        for (int j = 0; j < T::THREAD_COLUMNS; ++j) {
          const int channel = firstColumn + T::column(threadIdx.x, j);
          if (channel < columns) ringSums[j] += ringSum(at.image + pixel, ring, channel, channel % p.part);
        }
      }
      // Registers have no addresses: the row is picked by comparison.
#pragma unroll
      for (int row = 0; row < T::THREAD_ROWS; ++row)
#pragma unroll
        for (int j = 0; j < T::THREAD_COLUMNS; ++j)
          if (row == i) sum[row][j] += ringSums[j];
    }
  }

  __device__ __forceinline__ float ringSum(const float* from, const float* ring, int channel, int itsResidue) const {
    const int sources = window().sources();
    float sum = 0.f;
    if (D == FORWARD)
      for (int c = itsResidue, q = 0; c < sources; c += p.part, ++q)
        sum += __ldg(from + c) * __ldg(ring + q * p.outChannels + channel);
    else
      for (int c = itsResidue; c < sources; c += p.part)
        sum += __ldg(from + c) * __ldg(ring + channel / p.part * p.outChannels + c);
    return sum;
  }

  // The same sum straight from the definition: padding is left out, not multiplied by 0.
  __device__ __noinline__ float exact(int place, int channel) const {
    const Window<D> w = window();
    const WindowAt at = w.at(source, place);
    float sum = 0.f;
    const int anchorPixel = w.pixel(at, w.anchor());
    if (anchorPixel >= 0)
      for (int c = 0; c < w.sources(); ++c)
        sum += at.image[anchorPixel + c] *
               weights.pointwise[D == FORWARD ? c * p.outChannels + channel : channel * p.outChannels + c];
    for (int t = 0; t < p.ringTaps; ++t) {
      const int pixel = w.pixel(at, ringTap(t));
      if (pixel >= 0) sum += ringSum(at.image + pixel, ringWeights(t), channel, channel % p.part);
    }
    return sum;
  }

  // The tile takes padding as 0, and 0 * infinity is NaN: where something is not finite, once more without padding.
  __device__ __noinline__ float4 repaired(int place, int channel, int count, float4 v) const {
    if (!isFiniteNumber(v.x)) v.x = exact(place, channel);
    if (count > 1 && !isFiniteNumber(v.y)) v.y = exact(place, channel + step);
    if (count > 2 && !isFiniteNumber(v.z)) v.z = exact(place, channel + 2 * step);
    if (count > 3 && !isFiniteNumber(v.w)) v.w = exact(place, channel + 3 * step);
    return v;
  }

  __device__ __forceinline__ void store(int place, int column, int count, float (&v)[4]) const {
    const int channel = residue + column * step;
    if (!areFinite(v)) {
      const float4 y = repaired(place, channel, count, make_float4(v[0], v[1], v[2], v[3]));
      v[0] = y.x, v[1] = y.y, v[2] = y.z, v[3] = y.w;
    }
    epilogue(v, channel, step, count);
    float* line = target + (long long)place * window().targets();
    if (step == 1) {
      storeQuad(line, column, columns, columns % 4 == 0, v);
    } else {
#pragma unroll
      for (int j = 0; j < 4; ++j)
        if (j < count) line[channel + j * step] = v[j];
    }
  }
};

// blockIdx: tiles of places, tiles of targets, residues (one where LANES).
template <class T, Direction D, bool LANES>
__device__ __forceinline__ void hetConvSum(const float* source, const float* pointwise, const float* spatial,
                                           float* target, int isDense, const Epilogue& epilogue, const Plan& p) {
  const HetConvSum<D, LANES> given = {p, source, {pointwise, spatial, isDense}, target, int(blockIdx.z), epilogue};
  const HetConvSum<D, LANES> problem = given.prepared();
  const int firstColumn = blockIdx.y * T::COLUMNS;
  if (firstColumn >= problem.columns) return;  // residues need not have the same number of targets
  multiply<T>(problem, blockIdx.x * T::ROWS, firstColumn, 0, problem.depth);
}
