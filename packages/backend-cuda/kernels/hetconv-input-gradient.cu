// dx of HetConv from dy; see hetconv-sum.cuh.
#include "hetconv-sum.cuh"

#define HETCONV_INPUT_GRADIENT(name, T, LANES)                                                                   \
  KERNEL __launch_bounds__(T::THREADS, T::BLOCKS)                                                                          \
      hetconv_input_gradient_##name(const float* __restrict__ dy, const float* __restrict__ pointwise,          \
                                    const float* __restrict__ spatial, float* __restrict__ dx, int isDense,     \
                                    const Plan p) {                                                              \
    hetConvSum<T, BACKWARD, LANES>(dy, pointwise, spatial, dx, isDense, {nullptr, nullptr, 0, LINEAR, 0.f}, p); \
  }

HETCONV_INPUT_GRADIENT(large_residues, LargeTile, false)
HETCONV_INPUT_GRADIENT(medium_residues, MediumTile, false)
HETCONV_INPUT_GRADIENT(small_residues, SmallTile, false)
HETCONV_INPUT_GRADIENT(medium_lanes, MediumTile, true)
HETCONV_INPUT_GRADIENT(small_lanes, SmallTile, true)
