// The one matrix product of this package: C[row, column] = sum over k of L[row, k] * R[k, column], float32.
// A block computes a tile of C: its threads bring DEPTH columns of L and rows of R to shared memory (while the previous ones are
// multiplied) and keep THREAD_ROWS x THREAD_COLUMNS sums each in registers. What L, R and C are, a Problem says; it
// gathers, so that convolutions need no copy of their images.
//
// A Problem has
//   static constexpr bool LEFT_ALONG_K, RIGHT_ALONG_K   whether four neighbours in memory run along k, or along C
//   int rows, columns                                   of C
//   LeftAt leftAt(int row), RightAt rightAt(int column) what a thread keeps of its place while k advances
//   void left(const LeftAt&, int k, int end, float v[4])   four values of L: at k..k+3, or of four rows at k
//   void right(const RightAt&, int k, int end, float v[4])
//   void store(int row, int column, int count, float v[4])  `count` of four columns of one row of C
// Values outside L or R are given as 0.
#pragma once
#include "common.cuh"

template <int ROWS_, int COLUMNS_, int DEPTH_, int THREAD_ROWS_, int THREAD_COLUMNS_>
struct Tile {
  static constexpr int ROWS = ROWS_, COLUMNS = COLUMNS_, DEPTH = DEPTH_;
  static constexpr int THREAD_ROWS = THREAD_ROWS_, THREAD_COLUMNS = THREAD_COLUMNS_;
  static constexpr int THREADS_ACROSS = COLUMNS / THREAD_COLUMNS, THREADS_DOWN = ROWS / THREAD_ROWS;
  static constexpr int THREADS = THREADS_ACROSS * THREADS_DOWN;
  // Blocks that a multiprocessor holds at once, for __launch_bounds__: at most 128 registers a thread.
  static constexpr int BLOCKS = 512 / THREADS;
  // How many times each thread brings four values a step.
  static constexpr int LEFT_QUADS = ROWS * DEPTH / (4 * THREADS), RIGHT_QUADS = COLUMNS * DEPTH / (4 * THREADS);
  static_assert(THREAD_ROWS % 4 == 0 && THREAD_COLUMNS % 4 == 0 && DEPTH % 4 == 0, "sums are held in quads");
  static_assert(LEFT_QUADS * 4 * THREADS == ROWS * DEPTH, "threads share the left tile evenly");
  static_assert(RIGHT_QUADS * 4 * THREADS == COLUMNS * DEPTH, "threads share the right tile evenly");

  // Row i and column j of a thread: quads lie THREADS * 4 apart, so that a warp reads shared memory without conflicts.
  static __device__ __forceinline__ int row(int thread, int i) {
    return i / 4 * THREADS_DOWN * 4 + thread / THREADS_ACROSS * 4 + i % 4;
  }
  static __device__ __forceinline__ int column(int thread, int j) {
    return j / 4 * THREADS_ACROSS * 4 + thread % THREADS_ACROSS * 4 + j % 4;
  }
};

typedef Tile<128, 128, 8, 8, 8> LargeTile;   // 256 threads
typedef Tile<128, 64, 16, 8, 4> MediumTile;  // 256 threads
typedef Tile<32, 32, 16, 4, 4> SmallTile;    // 64 threads

// Where quad `index` of a [DEPTH][SIZE] tile lies: along k it is transposed on its way into shared memory.
template <bool ALONG_K, int SIZE, int DEPTH>
struct QuadAt {
  int line, k;
  __device__ __forceinline__ explicit QuadAt(int index)
      : line(ALONG_K ? index / (DEPTH / 4) : index % (SIZE / 4) * 4),
        k(ALONG_K ? index % (DEPTH / 4) * 4 : index / (SIZE / 4)) {}
  __device__ __forceinline__ void put(float (*tile)[SIZE + 4], const float (&v)[4]) const {
#pragma unroll
    for (int i = 0; i < 4; ++i) tile[ALONG_K ? k + i : k][ALONG_K ? line : line + i] = v[i];
  }
};

// Sums over k in [begin, end) into the registers `sum`.
template <class T, class Problem>
__device__ __forceinline__ void accumulate(const Problem& problem, int firstRow, int firstColumn, int begin, int end,
                                           float (&sum)[T::THREAD_ROWS][T::THREAD_COLUMNS]) {
  typedef QuadAt<Problem::LEFT_ALONG_K, T::ROWS, T::DEPTH> LeftQuad;
  typedef QuadAt<Problem::RIGHT_ALONG_K, T::COLUMNS, T::DEPTH> RightQuad;
  __shared__ __align__(16) float left[2][T::DEPTH][T::ROWS + 4];
  __shared__ __align__(16) float right[2][T::DEPTH][T::COLUMNS + 4];
  const int thread = threadIdx.x;
  float nextLeft[T::LEFT_QUADS][4], nextRight[T::RIGHT_QUADS][4];
  typename Problem::LeftAt leftAt[T::LEFT_QUADS];
  typename Problem::RightAt rightAt[T::RIGHT_QUADS];
#pragma unroll
  for (int q = 0; q < T::LEFT_QUADS; ++q)
    leftAt[q] = problem.leftAt(firstRow + LeftQuad(thread + q * T::THREADS).line);
#pragma unroll
  for (int q = 0; q < T::RIGHT_QUADS; ++q)
    rightAt[q] = problem.rightAt(firstColumn + RightQuad(thread + q * T::THREADS).line);

  auto fetch = [&](int k) {
#pragma unroll
    for (int q = 0; q < T::LEFT_QUADS; ++q)
      problem.left(leftAt[q], k + LeftQuad(thread + q * T::THREADS).k, end, nextLeft[q]);
#pragma unroll
    for (int q = 0; q < T::RIGHT_QUADS; ++q)
      problem.right(rightAt[q], k + RightQuad(thread + q * T::THREADS).k, end, nextRight[q]);
  };
  auto share = [&](int half) {
#pragma unroll
    for (int q = 0; q < T::LEFT_QUADS; ++q) LeftQuad(thread + q * T::THREADS).put(left[half], nextLeft[q]);
#pragma unroll
    for (int q = 0; q < T::RIGHT_QUADS; ++q) RightQuad(thread + q * T::THREADS).put(right[half], nextRight[q]);
  };

  if (begin >= end) return;
  fetch(begin);
  share(0);
  __syncthreads();
  for (int k = begin, half = 0; k < end; k += T::DEPTH, half ^= 1) {
    const bool isLast = k + T::DEPTH >= end;
    if (!isLast) fetch(k + T::DEPTH);
#pragma unroll
    for (int d = 0; d < T::DEPTH; ++d) {
      float l[T::THREAD_ROWS], r[T::THREAD_COLUMNS];
#pragma unroll
      for (int i = 0; i < T::THREAD_ROWS; ++i) l[i] = left[half][d][T::row(thread, i)];
#pragma unroll
      for (int j = 0; j < T::THREAD_COLUMNS; ++j) r[j] = right[half][d][T::column(thread, j)];
#pragma unroll
      for (int i = 0; i < T::THREAD_ROWS; ++i)
#pragma unroll
        for (int j = 0; j < T::THREAD_COLUMNS; ++j) sum[i][j] += l[i] * r[j];
    }
    // The other half was last read before the previous barrier: it can be filled while slower threads still read this one.
    if (!isLast) share(half ^ 1);
    __syncthreads();
  }
}

// The tile of C at (firstRow, firstColumn), from k in [begin, end).
template <class T, class Problem>
__device__ __forceinline__ void multiply(const Problem& problem, int firstRow, int firstColumn, int begin, int end) {
  const int thread = threadIdx.x;
  float sum[T::THREAD_ROWS][T::THREAD_COLUMNS] = {};
  accumulate<T>(problem, firstRow, firstColumn, begin, end, sum);
  problem.template finish<T>(firstRow, firstColumn, sum);
#pragma unroll
  for (int i = 0; i < T::THREAD_ROWS; ++i) {
    const int row = firstRow + T::row(thread, i);
    if (row >= problem.rows) continue;
#pragma unroll
    for (int j = 0; j < T::THREAD_COLUMNS; j += 4) {
      const int column = firstColumn + T::column(thread, j), count = problem.columns - column;
      if (count <= 0) continue;
      float v[4] = {sum[i][j], sum[i][j + 1], sum[i][j + 2], sum[i][j + 3]};
      problem.store(row, column, count < 4 ? count : 4, v);
    }
  }
}

// Four neighbours of a line of `size` elements, from element i on; 0 past its end. `isQuad`: sizes and start are multiples of 4.
__device__ __forceinline__ void loadQuad(const float* line, int i, int size, bool isQuad, float (&v)[4]) {
  if (isQuad && i < size) {
    const float4 quad = __ldg(reinterpret_cast<const float4*>(line + i));
    v[0] = quad.x, v[1] = quad.y, v[2] = quad.z, v[3] = quad.w;
    return;
  }
#pragma unroll
  for (int j = 0; j < 4; ++j) v[j] = i + j < size ? __ldg(line + i + j) : 0.f;
}

__device__ __forceinline__ void storeQuad(float* line, int i, int size, bool isQuad, const float (&v)[4]) {
  if (isQuad && i < size) {
    *reinterpret_cast<float4*>(line + i) = make_float4(v[0], v[1], v[2], v[3]);
    return;
  }
#pragma unroll
  for (int j = 0; j < 4; ++j)
    if (i + j < size) line[i + j] = v[j];
}

__device__ __forceinline__ bool areFinite(const float (&v)[4]) {
  // A sum of finite values may overflow: then the values are looked at once more, one by one, which does no harm.
  const float most = fabsf(v[0]) + fabsf(v[1]) + fabsf(v[2]) + fabsf(v[3]);
  return most <= 3.4028234663852886e38f;
}

__device__ __forceinline__ bool isFiniteNumber(float v) { return fabsf(v) <= 3.4028234663852886e38f; }
