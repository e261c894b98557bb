// Matrix products of [batch, rows, depth] with [batch, depth, columns], either side stored transposed, with bias and activation.
#include "activation.cuh"
#include "gemm.cuh"

// A batch stride of 0 broadcasts a matrix.
template <bool TRANSPOSE_LEFT, bool TRANSPOSE_RIGHT>
struct MatrixProduct {
  static constexpr bool LEFT_ALONG_K = !TRANSPOSE_LEFT, RIGHT_ALONG_K = TRANSPOSE_RIGHT;
  typedef int LeftAt;
  typedef int RightAt;
  const float *a, *b;
  float* y;
  int rows, columns, depth;
  bool isLeftQuad, isRightQuad, isOutQuad;
  Epilogue epilogue;

  __device__ __forceinline__ int leftAt(int row) const { return row; }
  __device__ __forceinline__ int rightAt(int column) const { return column; }
  __device__ __forceinline__ void left(int row, int k, int end, float (&v)[4]) const {
    load(a, row, k, end, rows, LEFT_ALONG_K, isLeftQuad, v);
  }
  __device__ __forceinline__ void right(int column, int k, int end, float (&v)[4]) const {
    load(b, column, k, end, columns, RIGHT_ALONG_K, isRightQuad, v);
  }
  template <class T>
  __device__ __forceinline__ void finish(int, int, float (&)[T::THREAD_ROWS][T::THREAD_COLUMNS]) const {}

  __device__ __forceinline__ void store(int row, int column, int count, float (&v)[4]) const {
    epilogue(v, column, 1, count);
    storeQuad(y + (long long)row * columns, column, columns, isOutQuad, v);
  }

 private:
  __device__ __forceinline__ void load(const float* m, int line, int k, int end, int lines, bool alongK, bool isQuad,
                                       float (&v)[4]) const {
    if (alongK ? line < lines : k < end) {
      if (alongK)
        loadQuad(m + (long long)line * depth, k, end, isQuad, v);
      else
        loadQuad(m + (long long)k * lines, line, lines, isQuad, v);
    } else {
      v[0] = v[1] = v[2] = v[3] = 0.f;
    }
  }
};

template <class T, bool TRANSPOSE_LEFT, bool TRANSPOSE_RIGHT>
__device__ __forceinline__ void matmul(const float* a, const float* b, float* y, int rows, int columns, int depth,
                                       int batches, int aStep, int bStep, const Epilogue& epilogue) {
  for (int batch = blockIdx.z; batch < batches; batch += gridDim.z) {
    MatrixProduct<TRANSPOSE_LEFT, TRANSPOSE_RIGHT> problem = {a + (long long)batch * aStep,
                                                              b + (long long)batch * bStep,
                                                              y + (long long)batch * rows * columns,
                                                              rows,
                                                              columns,
                                                              depth,
                                                              (TRANSPOSE_LEFT ? rows : depth) % 4 == 0,
                                                              (TRANSPOSE_RIGHT ? depth : columns) % 4 == 0,
                                                              columns % 4 == 0,
                                                              epilogue};
    multiply<T>(problem, blockIdx.x * T::ROWS, blockIdx.y * T::COLUMNS, 0, depth);
  }
}

#define MATMUL(name, T, TRANSPOSE_LEFT, TRANSPOSE_RIGHT)                                                      \
  KERNEL __launch_bounds__(T::THREADS, T::BLOCKS)                                                                       \
      matmul_##name(const float* __restrict__ a, const float* __restrict__ b, float* __restrict__ y, int rows, \
                    int columns, int depth, int batches, int aStep, int bStep, EPILOGUE_PARAMETERS) {         \
    matmul<T, TRANSPOSE_LEFT, TRANSPOSE_RIGHT>(a, b, y, rows, columns, depth, batches, aStep, bStep,          \
                                               EPILOGUE_OF_PARAMETERS);                                       \
  }

MATMUL(medium_nn, MediumTile, false, false)
MATMUL(medium_nt, MediumTile, false, true)
MATMUL(medium_tn, MediumTile, true, false)
MATMUL(small_nn, SmallTile, false, false)
MATMUL(small_nt, SmallTile, false, true)
MATMUL(small_tn, SmallTile, true, false)
MATMUL(small_tt, SmallTile, true, true)
