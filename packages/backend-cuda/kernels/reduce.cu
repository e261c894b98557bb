// Reductions over the middle axis of [outer, length, inner], and softmax. Deterministic: fixed trees, no atomics.
#include "common.cuh"

constexpr int REDUCE_THREADS = 256;

template <class T>
struct Sum {
  static __device__ T identity() { return 0; }
  static __device__ T merge(T a, T b) { return a + b; }
};
template <class T>
struct Product {
  static __device__ T identity() { return 1; }
  static __device__ T merge(T a, T b) { return a * b; }
};
struct MaxF32 {
  static __device__ float identity() { return -INFINITY; }
  static __device__ float merge(float a, float b) { return a != a ? a : b != b ? b : a > b ? a : b; }
};
struct MinF32 {
  static __device__ float identity() { return INFINITY; }
  static __device__ float merge(float a, float b) { return a != a ? a : b != b ? b : a < b ? a : b; }
};
struct MaxI32 {
  static __device__ int identity() { return -2147483647 - 1; }
  static __device__ int merge(int a, int b) { return a > b ? a : b; }
};
struct MinI32 {
  static __device__ int identity() { return 2147483647; }
  static __device__ int merge(int a, int b) { return a < b ? a : b; }
};

// A block has `lanes` columns (a power of two) and 256 / lanes threads for each of them. blockIdx: columns of inner, chunks of length,
// outer. Every chunk gives one value: y is [outer, chunks, inner], for a second call to reduce where there are several.
template <class T, class Operation>
__device__ void reduce(const T* x, T* y, int outer, int length, int inner, int lanes) {
  __shared__ T partial[REDUCE_THREADS];
  const int lane = threadIdx.x % lanes, row = threadIdx.x / lanes, rows = REDUCE_THREADS / lanes;
  const int column = blockIdx.x * lanes + lane;
  const int chunks = gridDim.y, chunk = blockIdx.y;
  const int begin = int((long long)length * chunk / chunks), end = int((long long)length * (chunk + 1) / chunks);
  for (int o = blockIdx.z; o < outer; o += gridDim.z) {
    T sum = Operation::identity();
    if (column < inner)
      for (int i = begin + row; i < end; i += rows)
        sum = Operation::merge(sum, x[((long long)o * length + i) * inner + column]);
    partial[threadIdx.x] = sum;
    for (int half = REDUCE_THREADS / 2; half >= lanes; half /= 2) {
      __syncthreads();
      if (threadIdx.x < half) partial[threadIdx.x] = Operation::merge(partial[threadIdx.x], partial[threadIdx.x + half]);
    }
    if (row == 0 && column < inner) y[((long long)o * chunks + chunk) * inner + column] = partial[lane];
    __syncthreads();
  }
}

#define REDUCTION(name, T, Operation)                                                                            \
  KERNEL __launch_bounds__(REDUCE_THREADS)                                                                       \
      reduce_##name(const T* __restrict__ x, T* __restrict__ y, int outer, int length, int inner, int lanes) { \
    reduce<T, Operation>(x, y, outer, length, inner, lanes);                                                     \
  }

REDUCTION(sum_f32, float, Sum<float>)
REDUCTION(sum_i32, int, Sum<int>)
REDUCTION(prod_f32, float, Product<float>)
REDUCTION(prod_i32, int, Product<int>)
REDUCTION(max_f32, float, MaxF32)
REDUCTION(max_i32, int, MaxI32)
REDUCTION(min_f32, float, MinF32)
REDUCTION(min_i32, int, MinI32)

// Index of the largest (sign 1) or smallest (sign -1) value of each row of [rows, length]; the first of equals.
// tfjs starts with the first value and takes what is strictly better, so a NaN wins only where it comes first.
template <class T>
__device__ void argBest(const T* x, int* y, int rows, int length, T sign) {
  __shared__ T values[REDUCE_THREADS];
  __shared__ int indices[REDUCE_THREADS];
  for (int row = blockIdx.x; row < rows; row += gridDim.x) {
    const T* from = x + (long long)row * length;
    int best = -1;
    T value = 0;
    for (int i = threadIdx.x; i < length; i += REDUCE_THREADS) {
      T v = from[i] * sign;
      if (v == v && (best < 0 || v > value)) value = v, best = i;
    }
    values[threadIdx.x] = value;
    indices[threadIdx.x] = best;
    for (int half = REDUCE_THREADS / 2; half > 0; half /= 2) {
      __syncthreads();
      if (threadIdx.x < half) {
        int other = indices[threadIdx.x + half], mine = indices[threadIdx.x];
        T v = values[threadIdx.x + half], own = values[threadIdx.x];
        if (other >= 0 && (mine < 0 || v > own || (v == own && other < mine))) {
          values[threadIdx.x] = v;
          indices[threadIdx.x] = other;
        }
      }
    }
    if (threadIdx.x == 0) y[row] = indices[0] < 0 || from[0] != from[0] ? 0 : indices[0];
    __syncthreads();
  }
}

KERNEL __launch_bounds__(REDUCE_THREADS)
    arg_best_f32(const float* __restrict__ x, int* __restrict__ y, int rows, int length, float sign) {
  argBest<float>(x, y, rows, length, sign);
}
KERNEL __launch_bounds__(REDUCE_THREADS)
    arg_best_i32(const int* __restrict__ x, int* __restrict__ y, int rows, int length, float sign) {
  argBest<int>(x, y, rows, length, int(sign));
}

// y = exp(x - max) / sum of exp(x - max) in each row of [rows, length]; with isLog, its logarithm x - max - log(sum).
KERNEL __launch_bounds__(REDUCE_THREADS)
    softmax(const float* __restrict__ x, float* __restrict__ y, int rows, int length, int isLog) {
  __shared__ float partial[REDUCE_THREADS];
  for (int row = blockIdx.x; row < rows; row += gridDim.x) {
    const float* from = x + (long long)row * length;
    float* to = y + (long long)row * length;
    float most = -INFINITY;
    for (int i = threadIdx.x; i < length; i += REDUCE_THREADS) most = MaxF32::merge(most, from[i]);
    partial[threadIdx.x] = most;
    for (int half = REDUCE_THREADS / 2; half > 0; half /= 2) {
      __syncthreads();
      if (threadIdx.x < half) partial[threadIdx.x] = MaxF32::merge(partial[threadIdx.x], partial[threadIdx.x + half]);
    }
    __syncthreads();
    most = partial[0];
    __syncthreads();
    float sum = 0.f;
    for (int i = threadIdx.x; i < length; i += REDUCE_THREADS) sum += expf(from[i] - most);
    partial[threadIdx.x] = sum;
    for (int half = REDUCE_THREADS / 2; half > 0; half /= 2) {
      __syncthreads();
      if (threadIdx.x < half) partial[threadIdx.x] += partial[threadIdx.x + half];
    }
    __syncthreads();
    sum = partial[0];
    const float logarithm = isLog ? logf(sum) : 0.f;
    for (int i = threadIdx.x; i < length; i += REDUCE_THREADS)
      to[i] = isLog ? from[i] - most - logarithm : expf(from[i] - most) / sum;
    __syncthreads();
  }
}
