// Batch normalization with given moments: y = (x - mean) * scale / sqrt(variance + epsilon) + offset.
#include "common.cuh"

// mean, variance, offset and scale are [channels]; offset and scale may be null.
KERNEL batch_norm(const float* __restrict__ x, const float* __restrict__ mean, const float* __restrict__ variance,
                  const float* __restrict__ offset, const float* __restrict__ scale, float* __restrict__ y, int n,
                  int channels, float epsilon) {
  FOR_EACH(i, n) {
    const int c = i % channels;
    const float factor = (scale ? scale[c] : 1.f) / sqrtf(variance[c] + epsilon);
    y[i] = (x[i] - mean[c]) * factor + (offset ? offset[c] : 0.f);
  }
}
