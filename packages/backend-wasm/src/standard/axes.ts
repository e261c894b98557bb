/** Between tfjs's channel order of depthwise convolutions, c*multiplier + k, and the cyclic one, k*channels + c. */
import type { BackendWasm } from '@tensorflow/tfjs-backend-wasm';
import { getKernel, type TensorInfo, Transpose } from '@tensorflow/tfjs-core';

export interface Reordered {
  readonly tensor: TensorInfo;
  /** Frees the tensor where it is a copy. */
  release(): void;
}

/** The last axis of size rows*columns read as a [rows, columns] matrix and transposed. The tensor itself where that changes nothing. */
export function swapLastAxes(backend: BackendWasm, tensor: TensorInfo, rows: number, columns: number): Reordered {
  if (rows === 1 || columns === 1) return { tensor, release: () => undefined };
  const size = tensor.shape.reduce((product, side) => product * side, 1);
  const x = { ...tensor, shape: [size / (rows * columns), rows, columns] };
  const transpose = getKernel(Transpose, 'wasm').kernelFunc;
  const swapped = transpose({ inputs: { x }, attrs: { perm: [0, 2, 1] }, backend }) as TensorInfo;
  return { tensor: { ...swapped, shape: tensor.shape }, release: () => backend.disposeData(swapped.dataId) };
}
