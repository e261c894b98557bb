// Data movement: strided copies (transpose, slice, reverse, tile, concat, pad, broadcast), gather, one-hot.
// Elements are 32-bit words, float and int alike.
#include "common.cuh"

// y[right] = x[left] for every element of the box.
KERNEL copy_box(const int* __restrict__ x, int* __restrict__ y, const Box box) {
  FOR_EACH(i, box.size) {
    const Offsets at = offsetsOf(box, i);
    y[at.right] = x[at.left];
  }
}

// Transposes the last two axes of [matrices, rows, columns] through shared memory: both sides coalesced.
// Blocks of 32 x 8 threads; block (x, y, z) does the 32 x 32 tile (y, x) of matrix z.
KERNEL transpose_matrices(const int* __restrict__ x, int* __restrict__ y, int matrices, int rows, int columns) {
  __shared__ int tile[32][33];  // 33: a column of the tile lies in 32 different banks
  for (int matrix = blockIdx.z; matrix < matrices; matrix += gridDim.z) {
    const long long base = (long long)matrix * rows * columns;
    int column = blockIdx.x * 32 + threadIdx.x;
    for (int i = threadIdx.y; i < 32; i += 8) {
      int row = blockIdx.y * 32 + i;
      if (row < rows && column < columns) tile[i][threadIdx.x] = x[base + (long long)row * columns + column];
    }
    __syncthreads();
    int row = blockIdx.y * 32 + threadIdx.x;
    for (int i = threadIdx.y; i < 32; i += 8) {
      int target = blockIdx.x * 32 + i;
      if (row < rows && target < columns) y[base + (long long)target * rows + row] = tile[threadIdx.x][i];
    }
    __syncthreads();
  }
}

// y [batch, outer, indices, inner] from x [batch, outer, limit, inner]; an index out of range gives 0.
KERNEL gather(const int* __restrict__ x, const int* __restrict__ indices, int* __restrict__ y, int n, int outer,
              int limit, int inner, int indicesPerBatch) {
  FOR_EACH(i, n) {
    int within = i % inner, rest = i / inner;
    int position = rest % indicesPerBatch;
    rest /= indicesPerBatch;  // batch * outer + row
    int index = indices[rest / outer * indicesPerBatch + position];
    y[i] = index >= 0 && index < limit ? x[((long long)rest * limit + index) * inner + within] : 0;
  }
}

// y [indices, depth]: onValue where the index names the column, offValue elsewhere; both as words.
KERNEL one_hot(const int* __restrict__ indices, int* __restrict__ y, int n, int depth, int onValue, int offValue) {
  FOR_EACH(i, n) y[i] = indices[i / depth] == int(i % depth) ? onValue : offValue;
}
