// Depthwise convolution and its gradients, NHWC. Filter [kernelHeight, kernelWidth, channels, multiplier]; output channel
// c * multiplier + j convolves input channel c. In the plan, part is the multiplier.
#include "activation.cuh"
#include "window.cuh"

KERNEL depthwise_forward(const float* __restrict__ x, const float* __restrict__ filter, float* __restrict__ y, int n,
                         EPILOGUE_PARAMETERS, const Plan p) {
  const Epilogue epilogue = EPILOGUE_OF_PARAMETERS;
  const Window<FORWARD> window = {p};
  FOR_EACH(i, n) {
    const int target = i % p.outChannels;
    const WindowAt at = window.at(x, i / p.outChannels);
    float sum = 0.f;
    for (int tap = 0; tap < window.taps(); ++tap) {
      const int pixel = window.pixel(at, tap);
      if (pixel >= 0)
        sum += __ldg(at.image + pixel + target / p.part) * __ldg(filter + tap * p.outChannels + target);
    }
    y[i] = epilogue(sum, target);
  }
}

KERNEL depthwise_input_gradient(const float* __restrict__ dy, const float* __restrict__ filter, float* __restrict__ dx,
                                int n, const Plan p) {
  const Window<BACKWARD> window = {p};
  FOR_EACH(i, n) {
    const int channel = i % p.inChannels;
    const WindowAt at = window.at(dy, i / p.inChannels);
    float sum = 0.f;
    for (int tap = 0; tap < window.taps(); ++tap) {
      const int pixel = window.pixel(at, tap);
      if (pixel < 0) continue;
      for (int target = channel * p.part; target < (channel + 1) * p.part; ++target)
        sum += __ldg(at.image + pixel + target) * __ldg(filter + tap * p.outChannels + target);
    }
    dx[i] = sum;
  }
}

// 32 output channels in a row by 8 shares of the positions a block, one tap each. blockIdx: channels, taps, chunks; gradient is
// [chunks, taps, outChannels], for reduce_sum_f32 to add.
KERNEL __launch_bounds__(256)
    depthwise_filter_gradient(const float* __restrict__ x, const float* __restrict__ dy, float* __restrict__ gradient,
                              const Plan p) {
  __shared__ float partial[8][32];
  const Window<FORWARD> window = {p};
  const int lane = threadIdx.x % 32, share = threadIdx.x / 32;
  const int target = blockIdx.x * 32 + lane, chunks = gridDim.z, chunk = blockIdx.z;
  const int begin = int((long long)window.places() * chunk / chunks);
  const int end = int((long long)window.places() * (chunk + 1) / chunks);
  for (int tap = blockIdx.y; tap < window.taps(); tap += gridDim.y) {
    float sum = 0.f;
    if (target < p.outChannels)
      for (int position = begin + share; position < end; position += 8) {
        const WindowAt at = window.at(x, position);
        const int pixel = window.pixel(at, tap);
        if (pixel >= 0)
          sum += __ldg(at.image + pixel + target / p.part) * __ldg(dy + (long long)position * p.outChannels + target);
      }
    partial[share][lane] = sum;
    for (int half = 4; half > 0; half /= 2) {
      __syncthreads();
      if (share < half) partial[share][lane] += partial[share + half][lane];
    }
    if (share == 0 && target < p.outChannels)
      gradient[((long long)chunk * window.taps() + tap) * p.outChannels + target] = partial[0][lane];
    __syncthreads();
  }
}
