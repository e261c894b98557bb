// Elementwise functions of two tensors that broadcast, and the choice between two by a third.
#include "common.cuh"

// y = f(a, b) over a box; left and right say where a and b have an element, y is dense.
#define BINARY(name, In, Out, expression)                                                                       \
  KERNEL binary_##name(const In* __restrict__ left, const In* __restrict__ right, Out* __restrict__ y, const Box box) { \
    FOR_EACH(i, box.size) {                                                                                     \
      const Offsets at = offsetsOf(box, i);                                                                     \
      const In a = left[at.left], b = right[at.right];                                                          \
      y[i] = (expression);                                                                                      \
    }                                                                                                           \
  }
#define BINARY_F32(name, expression) BINARY(name##_f32, float, float, expression)
#define BINARY_I32(name, expression) BINARY(name##_i32, int, int, expression)
#define COMPARISON(name, expression)              \
  BINARY(name##_f32, float, int, expression)      \
  BINARY(name##_i32, int, int, expression)

__device__ __forceinline__ bool isNan(float v) { return v != v; }

// The remainder has the sign of the divisor, as in Python.
__device__ __forceinline__ float floorMod(float a, float b) {
  float rest = fmodf(a, b);
  return rest != 0.f && (rest < 0.f) != (b < 0.f) ? rest + b : rest;
}

__device__ __forceinline__ int floorDiv(int a, int b) {
  if (b == 0) return 0;
  int quotient = a / b;
  return a % b != 0 && (a < 0) != (b < 0) ? quotient - 1 : quotient;
}

__device__ __forceinline__ int power(int base, int exponent) {
  if (exponent < 0) return base == 1 ? 1 : base == -1 ? (exponent % 2 == 0 ? 1 : -1) : 0;
  unsigned result = 1, factor = base;
  for (; exponent; exponent >>= 1, factor *= factor)
    if (exponent & 1) result *= factor;
  return int(result);
}

BINARY_F32(add, a + b)
BINARY_I32(add, int(unsigned(a) + unsigned(b)))
BINARY_F32(sub, a - b)
BINARY_I32(sub, int(unsigned(a) - unsigned(b)))
BINARY_F32(mul, a * b)
BINARY_I32(mul, int(unsigned(a) * unsigned(b)))
BINARY_F32(div, a / b)
BINARY_F32(floordiv, floorf(a / b))
BINARY_I32(floordiv, floorDiv(a, b))
BINARY_F32(mod, floorMod(a, b))
BINARY_I32(mod, b == 0 ? 0 : a - b * floorDiv(a, b))
BINARY_F32(max, isNan(a) ? a : isNan(b) ? b : a > b ? a : b)
BINARY_I32(max, a > b ? a : b)
BINARY_F32(min, isNan(a) ? a : isNan(b) ? b : a < b ? a : b)
BINARY_I32(min, a < b ? a : b)
BINARY_F32(pow, powf(a, b))
BINARY_I32(pow, power(a, b))
BINARY_F32(squareddifference, (a - b) * (a - b))
BINARY_I32(squareddifference, (a - b) * (a - b))
BINARY_F32(prelu, a < 0.f ? a * b : a)
BINARY_F32(elugrad, b >= 0.f ? a : a * (b + 1.f))

COMPARISON(equal, a == b)
COMPARISON(notequal, a != b)
COMPARISON(less, a < b)
COMPARISON(lessequal, a <= b)
COMPARISON(greater, a > b)
COMPARISON(greaterequal, a >= b)
BINARY_I32(and, a != 0 && b != 0)
BINARY_I32(or, a != 0 || b != 0)

// y = condition ? a : b; one condition serves `inner` elements. Words: the same for float and int.
KERNEL select_by(const int* __restrict__ condition, const int* __restrict__ a, const int* __restrict__ b,
              int* __restrict__ y, int n, int inner) {
  FOR_EACH(i, n) y[i] = condition[i / inner] ? a[i] : b[i];
}
