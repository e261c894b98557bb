/** Reductions, arg-reductions and softmax (kernels/reduce.cu). */
import {
  All,
  Any,
  ArgMax,
  type ArgMaxAttrs,
  ArgMin,
  type DataType,
  LogSoftmax,
  type LogSoftmaxAttrs,
  Max,
  type MaxAttrs,
  Mean,
  Min,
  Prod,
  Softmax,
  Sum,
  type SumAttrs,
  type TensorInfo,
  util,
} from '@tensorflow/tfjs-core';
import type { CudaBackend } from '../backend.ts';
import type { KernelName } from '../device/arguments.ts';
import { transpose } from './move.ts';
import { native, type NativeKernel, type OneInput, sizeOf } from './native.ts';
import { cast, mapElements } from './unary.ts';

export type ReduceName = Extract<KernelName, `reduce_${string}`>;

const THREADS = 256;
const MOST_BLOCKS = 65535;
/** A chunk shorter than this is not worth a launch of its own to add it. */
const LEAST_CHUNK = 1024;
/** Blocks wanted for each multiprocessor. */
const BLOCKS_EACH = 4;

/** Reduces the middle axis of [outer, length, inner]: a tensor [outer * inner]. In a fixed order: the same bits every time. */
export function reduceMiddle(
  backend: CudaBackend,
  kernel: ReduceName,
  x: TensorInfo,
  [outer, length, inner]: readonly [number, number, number],
): TensorInfo {
  const y = backend.allocate([outer * inner], x.dtype);
  if (outer * inner === 0) return y;
  const lanes = Math.min(32, 2 ** Math.ceil(Math.log2(inner)));
  const columns = Math.ceil(inner / lanes);
  const wanted = Math.ceil((BLOCKS_EACH * backend.device.multiprocessors) / (columns * outer));
  const chunks = Math.max(1, Math.min(wanted, Math.floor(length / LEAST_CHUNK), MOST_BLOCKS));
  const partial = chunks === 1 ? y : backend.allocate([outer * chunks * inner], x.dtype);
  const rows = Math.min(outer, MOST_BLOCKS);
  const [from, between, to] = [x, partial, y].map((tensor) => backend.pointer(tensor));
  backend.launch(kernel, [columns, chunks, rows], [THREADS], from, between, outer, length, inner, lanes);
  if (partial !== y) {
    backend.launch(kernel, [columns, 1, rows], [THREADS], between, to, outer, chunks, inner, lanes);
    backend.release(partial);
  }
  return y;
}

interface Axes {
  /** Reduced axes, in order. */
  readonly reduced: readonly number[];
  readonly kept: readonly number[];
}

function axesOf(shape: readonly number[], axis: number | number[] | null | undefined): Axes {
  const reduced = util.parseAxisParam(axis as number | number[], [...shape]).toSorted((a, b) => a - b);
  return { reduced, kept: shape.map((_, i) => i).filter((i) => !reduced.includes(i)) };
}

/** Reduces any axes: neighbours as they lie, others after a transposition. */
function reduceAxes(
  backend: CudaBackend,
  kernel: ReduceName,
  x: TensorInfo,
  axis: SumAttrs['axis'] | undefined,
  keepDims: boolean | undefined,
): TensorInfo {
  const { reduced, kept } = axesOf(x.shape, axis);
  const sides = (axes: readonly number[]): number[] => axes.map((i) => x.shape[i]);
  const areNeighbours = reduced.every((at, i) => at === reduced[0] + i);
  const shape = keepDims === true ? x.shape.map((side, i) => (reduced.includes(i) ? 1 : side)) : sides(kept);
  const length = sizeOf(sides(reduced));
  if (areNeighbours) {
    const first = reduced[0] ?? 0;
    const outer = sizeOf(x.shape.slice(0, first));
    const inner = sizeOf(x.shape.slice(first + reduced.length));
    return { ...reduceMiddle(backend, kernel, x, [outer, length, inner]), shape };
  }
  const ordered = transpose(backend, x, [...kept, ...reduced]);
  const y = reduceMiddle(backend, kernel, ordered, [sizeOf(sides(kept)), length, 1]);
  backend.release(ordered);
  return { ...y, shape };
}

const suffix = (dtype: DataType): 'f32' | 'i32' => (dtype === 'float32' ? 'f32' : 'i32');

/** A reduction of any type. Sums and products of bools are ints. */
function reduction(name: string, operation: 'sum' | 'prod' | 'max' | 'min', sumsBools: boolean): NativeKernel {
  return native<OneInput, Partial<SumAttrs & MaxAttrs>>(
    name,
    ({ backend, inputs: { x }, attrs }) => {
      const axis = attrs.axis ?? attrs.reductionIndices; // so Max calls them
      const summed: TensorInfo = sumsBools && x.dtype === 'bool' ? { ...x, dtype: 'int32' } : x;
      return reduceAxes(backend, `reduce_${operation}_${suffix(x.dtype)}`, summed, axis, attrs.keepDims);
    },
    ({ inputs: { x } }) => x.dtype !== 'string',
  );
}

const mean = native<OneInput, SumAttrs>(
  Mean,
  ({ backend, inputs: { x }, attrs }) => {
    const real = cast(backend, x, 'float32');
    const sum = reduceAxes(backend, 'reduce_sum_f32', real, attrs.axis, attrs.keepDims);
    const count = sizeOf(axesOf(x.shape, attrs.axis).reduced.map((axis) => x.shape[axis]));
    const y = mapElements(backend, 'unary_divide_f32', sum, 'float32', count);
    backend.release(real);
    backend.release(sum);
    return y;
  },
  ({ inputs: { x } }) => x.dtype !== 'string',
);

function argBest(name: string, sign: 1 | -1): NativeKernel {
  return native<OneInput, ArgMaxAttrs>(
    name,
    ({ backend, inputs: { x }, attrs }) => {
      const { reduced, kept } = axesOf(x.shape, attrs.axis);
      const isLast = kept.every((axis, i) => axis === i);
      const ordered = isLast ? backend.alias(x, x.shape) : transpose(backend, x, [...kept, ...reduced]);
      const shape = kept.map((axis) => x.shape[axis]);
      const rows = sizeOf(shape);
      const y = backend.allocate(shape, 'int32');
      if (rows > 0) {
        const [from, to] = [backend.pointer(ordered), backend.pointer(y)];
        const length = sizeOf(reduced.map((axis) => x.shape[axis]));
        backend.launch(`arg_best_${suffix(x.dtype)}`, [rows], [THREADS], from, to, rows, length, sign);
      }
      backend.release(ordered);
      return y;
    },
    ({ inputs: { x } }) => x.dtype !== 'string',
  );
}

function softmax(backend: CudaBackend, x: TensorInfo, isLog: boolean): TensorInfo {
  const y = backend.allocate(x.shape, 'float32');
  const length = x.shape.at(-1) ?? 1;
  const rows = sizeOf(x.shape.slice(0, -1));
  if (rows * length === 0) return y;
  backend.launch('softmax', [rows], [THREADS], backend.pointer(x), backend.pointer(y), rows, length, isLog ? 1 : 0);
  return y;
}

export const reduceKernels: readonly NativeKernel[] = [
  reduction(Sum, 'sum', true),
  reduction(Prod, 'prod', true),
  reduction(Max, 'max', false),
  reduction(Min, 'min', false),
  reduction(All, 'min', false),
  reduction(Any, 'max', false),
  mean,
  argBest(ArgMax, 1),
  argBest(ArgMin, -1),
  native<{ readonly logits: TensorInfo }>(
    Softmax,
    ({ backend, inputs: { logits } }) => softmax(backend, logits, false),
    ({ inputs: { logits } }) => logits.dtype === 'float32',
  ),
  native<{ readonly logits: TensorInfo }, LogSoftmaxAttrs>(
    LogSoftmax,
    ({ backend, inputs: { logits } }) => softmax(backend, logits, true),
    ({ inputs: { logits }, attrs }) => logits.dtype === 'float32' && attrs.axis === logits.shape.length - 1,
  ),
];
