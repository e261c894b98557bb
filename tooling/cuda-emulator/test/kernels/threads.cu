// Kernels that use what the emulator claims to be real, and some that are wrong.
#define KERNEL extern "C" __global__ void

// y[block] = sum of the block's 64 inputs, by shuffles within warps and shared memory between them.
KERNEL sum_by_shuffles(const float* x, float* y) {
  __shared__ float partial[2];
  float v = x[blockIdx.x * 64 + threadIdx.x];
  for (int d = 16; d > 0; d /= 2) v += __shfl_down_sync(~0u, v, d);
  if (threadIdx.x % 32 == 0) partial[threadIdx.x / 32] = v;
  __syncthreads();
  if (threadIdx.x == 0) y[blockIdx.x] = partial[0] + partial[1];
}

// y[i] = x of the lane that differs in one bit, and of lane 3.
KERNEL exchange(const int* x, int* y) {
  int v = x[threadIdx.x];
  int other = __shfl_xor_sync(~0u, v, 1), third = __shfl_sync(~0u, v, 3);
  y[threadIdx.x] = 100 * other + third;
}

// Every thread of every block counts and competes.
KERNEL count_and_compete(int* y) {
  atomicAdd(y, 1);
  atomicMax(y + 1, int(blockIdx.x * blockDim.x + threadIdx.x));
}

// y[z][y][x] of the block's own index, in three dimensions.
KERNEL where(int* y) {
  int block = (blockIdx.z * gridDim.y + blockIdx.y) * gridDim.x + blockIdx.x;
  int thread = (threadIdx.z * blockDim.y + threadIdx.y) * blockDim.x + threadIdx.x;
  int threads = blockDim.x * blockDim.y * blockDim.z;
  y[block * threads + thread] = block * 1000 + thread;
}

// Waves of barriers: each thread moves its neighbour's value, `rounds` times around.
KERNEL rotate(int* y, int rounds) {
  __shared__ int ring[96];
  ring[threadIdx.x] = threadIdx.x;
  for (int i = 0; i < rounds; ++i) {
    __syncthreads();
    int v = ring[(threadIdx.x + 1) % blockDim.x];
    __syncthreads();
    ring[threadIdx.x] = v;
  }
  y[threadIdx.x] = ring[threadIdx.x];
}

KERNEL write_before(float* y) { y[-1] = 1.f; }
KERNEL write_past(float* y, int n) { y[n] = 1.f; }
KERNEL diverge(float* y) {
  if (threadIdx.x < 7) __syncthreads();
  y[threadIdx.x] = 1.f;
}
KERNEL diverge_in_warp(float* y) {
  if (threadIdx.x < 7) __syncwarp();
  else __syncthreads();
  y[threadIdx.x] = 1.f;
}
// Reads what nobody gave it: only AddressSanitizer sees that.
KERNEL read_past(const float* x, float* y, int n) { y[0] = x[n]; }
