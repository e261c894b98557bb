// y = activation(HetConv(x) + bias); see hetconv-sum.cuh.
#include "hetconv-sum.cuh"

#define HETCONV_FORWARD(name, T, LANES)                                                                           \
  KERNEL __launch_bounds__(T::THREADS, T::BLOCKS)                                                                           \
      hetconv_forward_##name(const float* __restrict__ x, const float* __restrict__ pointwise,                   \
                             const float* __restrict__ spatial, float* __restrict__ y, int isDense,              \
                             EPILOGUE_PARAMETERS, const Plan p) {                                                 \
    hetConvSum<T, FORWARD, LANES>(x, pointwise, spatial, y, isDense, EPILOGUE_OF_PARAMETERS, p);                  \
  }

HETCONV_FORWARD(large_residues, LargeTile, false)
HETCONV_FORWARD(medium_residues, MediumTile, false)
HETCONV_FORWARD(small_residues, SmallTile, false)
HETCONV_FORWARD(medium_lanes, MediumTile, true)
HETCONV_FORWARD(small_lanes, SmallTile, true)
