/** Kernels that move elements: each is strided copies of boxes (kernels/copy.cu). */
import {
  Concat,
  type ConcatAttrs,
  Pack,
  type PackAttrs,
  PadV2,
  type PadV2Attrs,
  Reverse,
  type ReverseAttrs,
  Slice,
  slice_util,
  type SliceAttrs,
  SplitV,
  type SplitVAttrs,
  backend_util,
  type TensorInfo,
  Tile,
  type TileAttrs,
  Transpose,
  type TransposeAttrs,
  Unpack,
  type UnpackAttrs,
  util,
} from '@tensorflow/tfjs-core';
import type { CudaBackend } from '../backend.ts';
import { type Box, boxOf, stridesOf } from './box.ts';
import { native, type NativeKernel, type OneInput, sizeOf } from './native.ts';
import { constant } from './shape.ts';

function copyBox(backend: CudaBackend, from: TensorInfo, to: TensorInfo, box: Box): void {
  backend.launchOver('copy_box', box.size, backend.pointer(from), backend.pointer(to), box);
}

/** Rows and columns of a transposition tile, and its threads: see transpose_matrices. */
const TILE = 32;
const TILE_THREADS: readonly [number, number] = [32, 8];
const MOST_BLOCKS = 65535;

/** y[i_perm] = x[i]. The last two axes go through shared memory, where the rest keeps its order. */
export function transpose(backend: CudaBackend, x: TensorInfo, perm: readonly number[]): TensorInfo {
  const shape = perm.map((axis) => x.shape[axis]);
  const y = backend.allocate(shape, x.dtype);
  const strides = stridesOf(x.shape);
  const box = boxOf(
    shape,
    perm.map((axis) => strides[axis]),
    stridesOf(shape),
  );
  // Folded, a transposition of the last two groups of axes is [matrices?, columns, rows].
  const { rank, size } = box;
  const [columns, rows] = box.shape.slice(-2);
  const isMatrix = (rank === 2 || rank === 3) && box.left[rank - 2] === 1 && box.left[rank - 1] === columns;
  const downwards = Math.ceil(rows / TILE);
  if (isMatrix && size > 0 && downwards <= MOST_BLOCKS && (rank === 2 || box.left[0] === rows * columns)) {
    const matrices = rank === 2 ? 1 : box.shape[0];
    const grid = [Math.ceil(columns / TILE), downwards, Math.min(matrices, MOST_BLOCKS)] as const;
    const [from, to] = [backend.pointer(x), backend.pointer(y)];
    backend.launch('transpose_matrices', grid, TILE_THREADS, from, to, matrices, rows, columns);
  } else {
    copyBox(backend, x, y, box);
  }
  return y;
}

/** x[begin, begin + size), a new tensor. */
function sliceOf(backend: CudaBackend, x: TensorInfo, begin: readonly number[], size: readonly number[]): TensorInfo {
  const y = backend.allocate(size, x.dtype);
  const strides = stridesOf(x.shape);
  const offset = begin.reduce((sum, start, axis) => sum + start * strides[axis], 0);
  copyBox(backend, x, y, boxOf(size, strides, stridesOf(size), offset));
  return y;
}

/** Copies x into y, its first element at `begin`. */
function paste(backend: CudaBackend, x: TensorInfo, y: TensorInfo, begin: readonly number[]): void {
  const strides = stridesOf(y.shape);
  const offset = begin.reduce((sum, start, axis) => sum + start * strides[axis], 0);
  copyBox(backend, x, y, boxOf(x.shape, stridesOf(x.shape), strides, 0, offset));
}

function concat(backend: CudaBackend, parts: readonly TensorInfo[], axis: number): TensorInfo {
  const shape = backend_util.computeOutShape(
    parts.map((part) => [...part.shape]),
    axis,
  );
  const y = backend.allocate(shape, parts[0].dtype);
  let start = 0;
  for (const part of parts) {
    paste(
      backend,
      part,
      y,
      shape.map((_, i) => (i === axis ? start : 0)),
    );
    start += part.shape[axis];
  }
  return y;
}

const unlessString = ({ inputs }: { readonly inputs: OneInput }): boolean => inputs.x.dtype !== 'string';
const unlessStrings = ({ inputs }: { readonly inputs: readonly TensorInfo[] }): boolean =>
  inputs.every(({ dtype }) => dtype === inputs[0].dtype && dtype !== 'string');

export const moveKernels: readonly NativeKernel[] = [
  native<OneInput, TransposeAttrs>(
    Transpose,
    ({ backend, inputs: { x }, attrs }) => transpose(backend, x, attrs.perm),
    unlessString,
  ),
  native<OneInput, SliceAttrs>(
    Slice,
    ({ backend, inputs: { x }, attrs }) => {
      const [begin, size] = slice_util.parseSliceParams(
        { ...x, rank: x.shape.length } as never,
        attrs.begin,
        attrs.size,
      );
      return sliceOf(backend, x, begin, size);
    },
    unlessString,
  ),
  native<OneInput, ReverseAttrs>(
    Reverse,
    ({ backend, inputs: { x }, attrs }) => {
      const axes = util.parseAxisParam(attrs.dims, [...x.shape]);
      const strides = stridesOf(x.shape);
      const y = backend.allocate(x.shape, x.dtype);
      const offset = axes.reduce((sum, axis) => sum + Math.max(0, x.shape[axis] - 1) * strides[axis], 0);
      const backwards = strides.map((stride, axis) => (axes.includes(axis) ? -stride : stride));
      copyBox(backend, x, y, boxOf(x.shape, backwards, strides, offset));
      return y;
    },
    unlessString,
  ),
  native<OneInput, TileAttrs>(
    Tile,
    ({ backend, inputs: { x }, attrs: { reps } }) => {
      const y = backend.allocate(
        x.shape.map((side, axis) => side * reps[axis]),
        x.dtype,
      );
      // Every axis becomes two: the repetition, which does not move in x, and the axis itself.
      const shape = x.shape.flatMap((side, axis) => [reps[axis], side]);
      const left = stridesOf(x.shape).flatMap((stride) => [0, stride]);
      const right = stridesOf(y.shape).flatMap((stride, axis) => [stride * x.shape[axis], stride]);
      copyBox(backend, x, y, boxOf(shape, left, right));
      return y;
    },
    ({ inputs: { x }, attrs: { reps } }) =>
      x.dtype !== 'string' && x.shape.length <= 8 && reps.filter((count) => count > 1).length <= 4,
  ),
  native<OneInput, PadV2Attrs>(
    PadV2,
    ({ backend, inputs: { x }, attrs: { paddings, constantValue } }) => {
      const shape = x.shape.map((side, axis) => side + paddings[axis][0] + paddings[axis][1]);
      const y = constant(backend, shape, x.dtype, constantValue);
      paste(
        backend,
        x,
        y,
        paddings.map(([before]) => before),
      );
      return y;
    },
    unlessString,
  ),
  native<readonly TensorInfo[], ConcatAttrs>(
    Concat,
    ({ backend, inputs, attrs }) => {
      const [axis] = util.parseAxisParam(attrs.axis, [...inputs[0].shape]);
      backend_util.assertParamsConsistent(
        inputs.map(({ shape }) => [...shape]),
        axis,
      );
      const parts = inputs.filter(({ shape }) => sizeOf(shape) > 0);
      if (parts.length === 1) return backend.alias(parts[0], parts[0].shape);
      return concat(backend, parts.length === 0 ? inputs : parts, axis);
    },
    unlessStrings,
  ),
  native<readonly TensorInfo[], PackAttrs>(
    Pack,
    ({ backend, inputs, attrs: { axis } }) => {
      const rows = inputs.map((x) => ({ ...x, shape: x.shape.toSpliced(axis, 0, 1) }));
      return concat(backend, rows, axis);
    },
    unlessStrings,
  ),
  native<{ readonly value: TensorInfo }, UnpackAttrs>(
    Unpack,
    ({ backend, inputs: { value }, attrs }) => {
      const axis = attrs.axis < 0 ? attrs.axis + value.shape.length : attrs.axis;
      return Array.from({ length: value.shape[axis] }, (_, i) => {
        const begin = value.shape.map((__, other) => (other === axis ? i : 0));
        const piece = sliceOf(backend, value, begin, value.shape.with(axis, 1));
        return { ...piece, shape: value.shape.toSpliced(axis, 1) };
      });
    },
    ({ inputs: { value } }) => value.dtype !== 'string',
  ),
  native<OneInput, SplitVAttrs>(
    SplitV,
    ({ backend, inputs: { x }, attrs }) => {
      const [axis] = util.parseAxisParam(attrs.axis, [...x.shape]);
      let start = 0;
      return backend_util
        .prepareSplitSize({ ...x, rank: x.shape.length }, attrs.numOrSizeSplits, axis)
        .map((length) => {
          const begin = x.shape.map((_, i) => (i === axis ? start : 0));
          start += length;
          return sliceOf(backend, x, begin, x.shape.with(axis, length));
        });
    },
    unlessString,
  ),
];
