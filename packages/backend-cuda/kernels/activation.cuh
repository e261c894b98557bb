// What follows a sum: y = activation(sum + bias). Semantics of tfjs's cpu kernels; NaN passes through.
#pragma once
#include "common.cuh"

// In the order of ACTIVATIONS in src/ops/epilogue.ts.
enum Activation { LINEAR, RELU, RELU6, PRELU, ELU, LEAKY_RELU, SIGMOID };

__device__ __forceinline__ float relu(float v) { return v < 0.f ? 0.f : v; }
__device__ __forceinline__ float relu6(float v) { return v < 0.f ? 0.f : v > 6.f ? 6.f : v; }
__device__ __forceinline__ float elu(float v) { return v < 0.f ? expm1f(v) : v; }
__device__ __forceinline__ float sigmoid(float v) { return 1.f / (1.f + expf(-v)); }

__device__ __forceinline__ float activate(float v, int activation, float slope) {
  switch (activation) {
    case LINEAR:
      return v;
    case RELU:
      return relu(v);
    case RELU6:
      return relu6(v);
    case ELU:
      return elu(v);
    case SIGMOID:
      return sigmoid(v);
    default:  // PRELU, LEAKY_RELU
      return v < 0.f ? v * slope : v;
  }
}

// Out of line: sums are stored from many places.
static __device__ __noinline__ float4 activateQuad(float4 v, int activation, float4 slope) {
  return make_float4(activate(v.x, activation, slope.x), activate(v.y, activation, slope.y),
                     activate(v.z, activation, slope.z), activate(v.w, activation, slope.w));
}

struct Epilogue {
  const float* bias;    // [columns] or null
  const float* slopes;  // of PRELU: [columns], or one value where slopeStep is 0
  int slopeStep;
  int activation;
  float alpha;  // slope of LEAKY_RELU

  __device__ __forceinline__ float slope(int column) const {
    return activation == PRELU ? __ldg(slopes + column * slopeStep) : alpha;
  }

  __device__ __forceinline__ float operator()(float v, int column) const {
    return activate(bias ? v + __ldg(bias + column) : v, activation, slope(column));
  }

  // In place, for `count` columns from `column` on, `step` apart.
  __device__ __forceinline__ void operator()(float (&v)[4], int column, int step, int count) const {
    if (bias) {
#pragma unroll
      for (int j = 0; j < 4; ++j)
        if (j < count) v[j] += __ldg(bias + column + j * step);
    }
    if (activation == LINEAR) return;
    float s[4];
#pragma unroll
    for (int j = 0; j < 4; ++j) s[j] = j < count ? slope(column + j * step) : 0.f;
    const float4 y = activateQuad(make_float4(v[0], v[1], v[2], v[3]), activation, make_float4(s[0], s[1], s[2], s[3]));
    v[0] = y.x, v[1] = y.y, v[2] = y.z, v[3] = y.w;
  }
};

// The parameters of a kernel with an epilogue, in order.
#define EPILOGUE_PARAMETERS const float *bias, const float *slopes, int slopeStep, int activation, float alpha
#define EPILOGUE_OF_PARAMETERS {bias, slopes, slopeStep, activation, alpha}
