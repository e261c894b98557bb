/** Elementwise functions of two tensors that broadcast: a table from tfjs's kernels to kernels/binary.cu. And Select. */
import {
  Add,
  AddN,
  backend_util,
  type DataType,
  EluGrad,
  Equal,
  FloorDiv,
  Greater,
  GreaterEqual,
  Less,
  LessEqual,
  LogicalAnd,
  LogicalOr,
  Maximum,
  Minimum,
  Mod,
  Multiply,
  NotEqual,
  Pow,
  Prelu,
  RealDiv,
  Select,
  SquaredDifference,
  Sub,
  type TensorInfo,
} from '@tensorflow/tfjs-core';
import type { CudaBackend } from '../backend.ts';
import type { KernelName } from '../device/arguments.ts';
import { KERNELS } from '../generated/kernels.ts';
import { boxOf, broadcastStrides } from './box.ts';
import { native, type NativeKernel, sizeOf } from './native.ts';

type BinaryName = Extract<KernelName, `binary_${string}`>;

interface TwoInputs {
  readonly a: TensorInfo;
  readonly b: TensorInfo;
}

/** y = f(a, b) under tfjs's broadcasting rules. */
export function combine(
  backend: CudaBackend,
  kernel: BinaryName,
  a: TensorInfo,
  b: TensorInfo,
  dtype: DataType,
): TensorInfo {
  const shape = backend_util.assertAndGetBroadcastShape([...a.shape], [...b.shape]);
  const y = backend.allocate(shape, dtype);
  const box = boxOf(shape, broadcastStrides(a.shape, shape), broadcastStrides(b.shape, shape));
  backend.launchOver(kernel, box.size, backend.pointer(a), backend.pointer(b), backend.pointer(y), box);
  return y;
}

const ARITHMETIC: readonly (readonly [tfjs: string, kernel: string])[] = [
  [Add, 'add'],
  [FloorDiv, 'floordiv'],
  [Maximum, 'max'],
  [Minimum, 'min'],
  [Mod, 'mod'],
  [Multiply, 'mul'],
  [Pow, 'pow'],
  [RealDiv, 'div'],
  [SquaredDifference, 'squareddifference'],
  [Sub, 'sub'],
];

const COMPARISONS: readonly (readonly [tfjs: string, kernel: string])[] = [
  [Equal, 'equal'],
  [Greater, 'greater'],
  [GreaterEqual, 'greaterequal'],
  [Less, 'less'],
  [LessEqual, 'lessequal'],
  [NotEqual, 'notequal'],
];

function kernelFor(name: string, a: TensorInfo, b: TensorInfo): BinaryName | undefined {
  const isReal = a.dtype === 'float32';
  const kernel = `binary_${name}_${isReal ? 'f32' : 'i32'}`;
  const match = isReal === (b.dtype === 'float32') && a.dtype !== 'string' && b.dtype !== 'string';
  return match && kernel in KERNELS ? (kernel as BinaryName) : undefined;
}

function elementwise(tfjs: string, name: string, dtype?: DataType): NativeKernel {
  return native<TwoInputs>(
    tfjs,
    ({ backend, inputs: { a, b } }) => combine(backend, kernelFor(name, a, b) as BinaryName, a, b, dtype ?? a.dtype),
    ({ inputs: { a, b } }) => kernelFor(name, a, b) !== undefined,
  );
}

const addAll = native<readonly TensorInfo[]>(
  AddN,
  ({ backend, inputs }) =>
    inputs.slice(1).reduce(
      (sum, x) => {
        const next = combine(backend, kernelFor('add', sum, x) as BinaryName, sum, x, sum.dtype);
        backend.release(sum);
        return next;
      },
      backend.alias(inputs[0], inputs[0].shape),
    ),
  ({ inputs }) => inputs.every((x) => kernelFor('add', inputs[0], x) !== undefined),
);

interface SelectInputs {
  readonly condition: TensorInfo;
  readonly t: TensorInfo;
  readonly e: TensorInfo;
}

/** A condition of one axis chooses whole rows, as tfjs defines it. */
const select = native<SelectInputs>(
  Select,
  ({ backend, inputs: { condition, t, e } }) => {
    const y = backend.allocate(t.shape, t.dtype);
    const size = sizeOf(t.shape);
    const inner = condition.shape.length === 1 ? sizeOf(t.shape.slice(1)) : 1;
    const pointers = [condition, t, e, y].map((x) => backend.pointer(x));
    backend.launchOver('select_by', size, pointers[0], pointers[1], pointers[2], pointers[3], size, inner);
    return y;
  },
  ({ inputs: { t, e } }) => t.dtype === e.dtype,
);

export const binaryKernels: readonly NativeKernel[] = [
  ...ARITHMETIC.map(([tfjs, name]) => elementwise(tfjs, name)),
  ...COMPARISONS.map(([tfjs, name]) => elementwise(tfjs, name, 'bool')),
  elementwise(LogicalAnd, 'and', 'bool'),
  elementwise(LogicalOr, 'or', 'bool'),
  addAll,
  select,
  native<{ readonly x: TensorInfo; readonly alpha: TensorInfo }>(Prelu, ({ backend, inputs: { x, alpha } }) =>
    combine(backend, 'binary_prelu_f32', x, alpha, 'float32'),
  ),
  native<{ readonly dy: TensorInfo; readonly y: TensorInfo }>(EluGrad, ({ backend, inputs: { dy, y } }) =>
    combine(backend, 'binary_elugrad_f32', dy, y, 'float32'),
  ),
];
