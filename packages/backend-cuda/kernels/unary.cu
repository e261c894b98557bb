// Elementwise functions of one tensor. The host's table (src/ops/unary.ts) names them.
#include "activation.cuh"

// y = f(v) for every v of x; a and b are what some functions need beside it.
#define UNARY(name, In, Out, expression)                                                \
  KERNEL unary_##name(const In* __restrict__ x, Out* __restrict__ y, int n, float a, float b) { \
    FOR_EACH(i, n) {                                                                    \
      const In v = x[i];                                                                \
      y[i] = (expression);                                                              \
    }                                                                                   \
  }
#define UNARY_F32(name, expression) UNARY(name##_f32, float, float, expression)
#define UNARY_I32(name, expression) UNARY(name##_i32, int, int, expression)

UNARY_F32(abs, fabsf(v))
UNARY_I32(abs, v < 0 ? -v : v)
UNARY_F32(ceil, ceilf(v))
UNARY_F32(clip, v > b ? b : v < a ? a : v)
UNARY_F32(cos, cosf(v))
UNARY_F32(divide, v / a)
UNARY_F32(elu, elu(v))
UNARY_F32(erf, erff(v))
UNARY_F32(exp, expf(v))
UNARY_F32(expm1, expm1f(v))
UNARY_F32(floor, floorf(v))
UNARY_F32(leakyrelu, v < 0.f ? v * a : v)
UNARY_F32(log, logf(v))
UNARY_F32(log1p, log1pf(v))
UNARY_F32(neg, -v)
UNARY_I32(neg, -v)
UNARY_F32(reciprocal, 1.f / v)
UNARY_F32(relu, relu(v))
UNARY_I32(relu, v < 0 ? 0 : v)
UNARY_F32(relu6, relu6(v))
UNARY_F32(round, rintf(v))  // half to even, as tfjs
UNARY_F32(rsqrt, 1.f / sqrtf(v))  // not rsqrtf: correctly rounded steps on every device
UNARY_F32(selu, v < 0.f ? a * expm1f(v) : b * v)
UNARY_F32(sigmoid, sigmoid(v))
UNARY_F32(sign, v < 0.f ? -1.f : v > 0.f ? 1.f : v)
UNARY_F32(sin, sinf(v))
UNARY_F32(softplus, v > a ? v : v < -a ? expf(v) : log1pf(expf(v)))
UNARY_F32(sqrt, sqrtf(v))
UNARY_F32(square, v * v)
UNARY_I32(square, v * v)
UNARY_F32(step, v > 0.f ? 1.f : v != v ? v : v <= 0.f ? a : v)
UNARY_F32(tan, tanf(v))
UNARY_F32(tanh, tanhf(v))

UNARY(isnan, float, int, v != v)
UNARY(isinf, float, int, fabsf(v) > 3.4028234663852886e38f)
UNARY(isfinite, float, int, fabsf(v) <= 3.4028234663852886e38f)
UNARY(not, int, int, v == 0)

UNARY(f32_to_i32, float, int, int(v))  // towards zero; beyond the range of int it saturates, and NaN is 0
UNARY(i32_to_f32, int, float, float(v))
UNARY(f32_to_bool, float, int, v != 0.f)
UNARY(i32_to_bool, int, int, v != 0)
