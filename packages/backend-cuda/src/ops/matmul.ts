/** Matrix products (kernels/matmul.cu). */
import {
  _FusedMatMul,
  BatchMatMul,
  type BatchMatMulAttrs,
  broadcast_util,
  type TensorInfo,
  util,
} from '@tensorflow/tfjs-core';
import type { CudaBackend } from '../backend.ts';
import { type EpilogueInputs, epilogueArguments, hasEpilogue } from './epilogue.ts';
import { native, type NativeKernel, sizeOf } from './native.ts';

interface Inputs {
  readonly a: TensorInfo;
  readonly b: TensorInfo;
  readonly bias?: TensorInfo | null;
  readonly preluActivationWeights?: TensorInfo | null;
}

type Attributes = BatchMatMulAttrs & Omit<EpilogueInputs, 'bias' | 'preluActivationWeights'>;

/** Sides of the tiles of kernels/gemm.cuh, and their threads. */
const MEDIUM = { name: 'medium', rows: 128, columns: 64, threads: 256 } as const;
const SMALL = { name: 'small', rows: 32, columns: 32, threads: 64 } as const;
const MOST_BLOCKS = 65535;

interface Sizes {
  readonly rows: number;
  readonly columns: number;
  readonly depth: number;
}

function sizesOf({ a, b }: Inputs, { transposeA, transposeB }: BatchMatMulAttrs): Sizes {
  const [left, right] = [a.shape.slice(-2), b.shape.slice(-2)];
  const [rows, depth] = transposeA ? left.toReversed() : left;
  const [depthOfB, columns] = transposeB ? right.toReversed() : right;
  util.assert(depth === depthOfB, () => `matMul: inner shapes ${depth} and ${depthOfB} of a and b must be equal`);
  return { rows, columns, depth };
}

const batchesOf = ({ shape }: TensorInfo): number => sizeOf(shape.slice(0, -2));

function multiply(backend: CudaBackend, inputs: Inputs, attrs: BatchMatMulAttrs, epilogue: EpilogueInputs): TensorInfo {
  const { a, b } = inputs;
  const { transposeA, transposeB } = attrs;
  const { rows, columns, depth } = sizesOf(inputs, attrs);
  const outer = broadcast_util.assertAndGetBroadcastShape(a.shape.slice(0, -2), b.shape.slice(0, -2));
  const y = backend.allocate([...outer, rows, columns], 'float32');
  const batches = sizeOf(outer);
  if (rows * columns * batches === 0) return y;
  const fills = Math.ceil(rows / MEDIUM.rows) * Math.ceil(columns / MEDIUM.columns) * batches;
  const isBoth = transposeA && transposeB; // rare: in small tiles only
  const tile = !isBoth && fills >= backend.device.multiprocessors ? MEDIUM : SMALL;
  const form = `${transposeA ? 't' : 'n'}${transposeB ? 't' : 'n'}` as const;
  const kernel =
    form === 'tt' || tile === SMALL ? (`matmul_small_${form}` as const) : (`matmul_medium_${form}` as const);
  const grid = [
    Math.ceil(rows / tile.rows),
    Math.ceil(columns / tile.columns),
    Math.min(batches, MOST_BLOCKS),
  ] as const;
  const steps = [batchesOf(a) === 1 ? 0 : rows * depth, batchesOf(b) === 1 ? 0 : depth * columns] as const;
  const [left, right, to] = [a, b, y].map((x) => backend.pointer(x));
  const sizes = [rows, columns, depth, batches] as const;
  backend.launch(
    kernel,
    grid,
    [tile.threads],
    left,
    right,
    to,
    ...sizes,
    ...steps,
    ...epilogueArguments(backend, epilogue),
  );
  return y;
}

/** Batches that are equal, or one matrix for all: broadcasting within several batch axes goes to the CPU. */
function isServed(inputs: Inputs, attrs: BatchMatMulAttrs): boolean {
  const { a, b } = inputs;
  const [left, right] = [batchesOf(a), batchesOf(b)];
  const { columns } = sizesOf(inputs, attrs);
  const areReal = a.dtype === 'float32' && b.dtype === 'float32';
  return areReal && (left === right || left === 1 || right === 1) && columns <= SMALL.columns * MOST_BLOCKS;
}

export const matmulKernels: readonly NativeKernel[] = [
  native<Inputs, BatchMatMulAttrs>(
    BatchMatMul,
    ({ backend, inputs, attrs }) => multiply(backend, inputs, attrs, {}),
    ({ inputs, attrs }) => isServed(inputs, attrs),
  ),
  native<Inputs, Attributes>(
    _FusedMatMul,
    ({ backend, inputs, attrs }) => multiply(backend, inputs, attrs, { ...attrs, ...inputs }),
    ({ inputs, attrs }) =>
      isServed(inputs, attrs) && hasEpilogue({ ...attrs, ...inputs }, sizesOf(inputs, attrs).columns),
  ),
];
