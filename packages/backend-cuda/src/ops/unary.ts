/** Elementwise functions of one tensor: a table from tfjs's kernels to kernels/unary.cu. */
import {
  Abs,
  backend_util,
  Cast,
  type CastAttrs,
  Ceil,
  ClipByValue,
  type ClipByValueAttrs,
  Cos,
  type DataType,
  Elu,
  Erf,
  Exp,
  Expm1,
  Floor,
  IsFinite,
  IsInf,
  IsNan,
  LeakyRelu,
  type LeakyReluAttrs,
  Log,
  Log1p,
  LogicalNot,
  Neg,
  Reciprocal,
  Relu,
  Relu6,
  Round,
  Rsqrt,
  Selu,
  Sigmoid,
  Sign,
  Sin,
  Softplus,
  Sqrt,
  Square,
  Step,
  type StepAttrs,
  Tan,
  Tanh,
  type TensorInfo,
} from '@tensorflow/tfjs-core';
import type { CudaBackend } from '../backend.ts';
import type { KernelName } from '../device/arguments.ts';
import { KERNELS } from '../generated/kernels.ts';
import { native, type NativeKernel, type OneInput, sizeOf } from './native.ts';

type UnaryName = Extract<KernelName, `unary_${string}`>;

/** y = f(x), elementwise, as a new tensor. */
export function mapElements(
  backend: CudaBackend,
  kernel: UnaryName,
  x: TensorInfo,
  dtype: DataType,
  a = 0,
  b = 0,
): TensorInfo {
  const y = backend.allocate(x.shape, dtype);
  const size = sizeOf(x.shape);
  backend.launchOver(kernel, size, backend.pointer(x), backend.pointer(y), size, a, b);
  return y;
}

/** Where expm1(x) - and so softplus - is 0 or x to float32 precision: as in tfjs. */
const SOFTPLUS_THRESHOLD = -Math.log(2 ** -23) - 2;

const FUNCTIONS: readonly (readonly [tfjs: string, kernel: string, a?: number, b?: number])[] = [
  [Abs, 'abs'],
  [Ceil, 'ceil'],
  [Cos, 'cos'],
  [Elu, 'elu'],
  [Erf, 'erf'],
  [Exp, 'exp'],
  [Expm1, 'expm1'],
  [Floor, 'floor'],
  [Log, 'log'],
  [Log1p, 'log1p'],
  [Neg, 'neg'],
  [Reciprocal, 'reciprocal'],
  [Relu, 'relu'],
  [Relu6, 'relu6'],
  [Round, 'round'],
  [Rsqrt, 'rsqrt'],
  [Selu, 'selu', backend_util.SELU_SCALEALPHA, backend_util.SELU_SCALE],
  [Sigmoid, 'sigmoid'],
  [Sign, 'sign'],
  [Sin, 'sin'],
  [Softplus, 'softplus', SOFTPLUS_THRESHOLD],
  [Sqrt, 'sqrt'],
  [Square, 'square'],
  [Tan, 'tan'],
  [Tanh, 'tanh'],
];

const PREDICATES: readonly (readonly [tfjs: string, kernel: UnaryName])[] = [
  [IsNan, 'unary_isnan'],
  [IsInf, 'unary_isinf'],
  [IsFinite, 'unary_isfinite'],
];

/** The kernel of a function for a type, where there is one. */
function kernelFor(name: string, dtype: DataType): UnaryName | undefined {
  const kernel = `unary_${name}_${dtype === 'float32' ? 'f32' : 'i32'}`;
  return dtype !== 'bool' && kernel in KERNELS ? (kernel as UnaryName) : undefined;
}

const isFloat = ({ inputs }: { readonly inputs: OneInput }): boolean => inputs.x.dtype === 'float32';

/** From one type to another; float32 to int32 goes towards zero, anything to bool asks whether it differs from 0. */
export function cast(backend: CudaBackend, x: TensorInfo, dtype: DataType): TensorInfo {
  const isReal = x.dtype === 'float32';
  if (x.dtype === dtype) return backend.alias(x, x.shape);
  if (dtype === 'int32' && !isReal) return backend.copyOf(x, dtype);
  if (dtype === 'float32') return mapElements(backend, 'unary_i32_to_f32', x, dtype);
  if (dtype === 'int32') return mapElements(backend, 'unary_f32_to_i32', x, dtype);
  return mapElements(backend, isReal ? 'unary_f32_to_bool' : 'unary_i32_to_bool', x, dtype);
}

const NUMERIC: readonly string[] = ['float32', 'int32', 'bool'];

export const unaryKernels: readonly NativeKernel[] = [
  ...FUNCTIONS.map(([tfjs, name, a, b]) =>
    native<OneInput>(
      tfjs,
      ({ backend, inputs: { x } }) => mapElements(backend, kernelFor(name, x.dtype) as UnaryName, x, x.dtype, a, b),
      ({ inputs: { x } }) => kernelFor(name, x.dtype) !== undefined,
    ),
  ),
  ...PREDICATES.map(([tfjs, kernel]) =>
    native<OneInput>(tfjs, ({ backend, inputs: { x } }) => mapElements(backend, kernel, x, 'bool'), isFloat),
  ),
  native<OneInput>(LogicalNot, ({ backend, inputs: { x } }) => mapElements(backend, 'unary_not', x, 'bool')),
  native<OneInput, ClipByValueAttrs>(
    ClipByValue,
    ({ backend, inputs: { x }, attrs }) =>
      mapElements(backend, 'unary_clip_f32', x, 'float32', attrs.clipValueMin, attrs.clipValueMax),
    isFloat,
  ),
  native<OneInput, LeakyReluAttrs>(
    LeakyRelu,
    ({ backend, inputs: { x }, attrs }) => mapElements(backend, 'unary_leakyrelu_f32', x, 'float32', attrs.alpha),
    isFloat,
  ),
  native<OneInput, StepAttrs>(
    Step,
    ({ backend, inputs: { x }, attrs }) => mapElements(backend, 'unary_step_f32', x, 'float32', attrs.alpha),
    isFloat,
  ),
  native<OneInput, CastAttrs>(
    Cast,
    ({ backend, inputs: { x }, attrs }) => cast(backend, x, attrs.dtype),
    ({ inputs, attrs }) => NUMERIC.includes(inputs.x.dtype) && NUMERIC.includes(attrs.dtype),
  ),
];
