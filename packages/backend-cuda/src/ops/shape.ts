/** Kernels that compute nothing: other names for the same data, and constants. */
import {
  type DataType,
  ExpandDims,
  type ExpandDimsAttrs,
  Fill,
  type FillAttrs,
  Identity,
  OnesLike,
  Reshape,
  type ReshapeAttrs,
  type TensorInfo,
  util,
  ZerosLike,
} from '@tensorflow/tfjs-core';
import type { CudaBackend } from '../backend.ts';
import { native, type NativeKernel, type OneInput, sizeOf } from './native.ts';

const WORD = new DataView(new ArrayBuffer(4));

/** The 32-bit word of a value in device memory. */
export function wordOf(value: number, dtype: DataType): number {
  if (dtype === 'float32') WORD.setFloat32(0, value);
  else WORD.setInt32(0, value);
  return WORD.getUint32(0);
}

/** A tensor of one value. */
export function constant(backend: CudaBackend, shape: readonly number[], dtype: DataType, value: number): TensorInfo {
  const y = backend.allocate(shape, dtype);
  const size = sizeOf(shape);
  if (size > 0) backend.device.fill(backend.pointer(y), wordOf(value, dtype), size);
  return y;
}

const like = (name: string, value: number): NativeKernel =>
  native<OneInput>(
    name,
    ({ backend, inputs: { x } }) => constant(backend, x.shape, x.dtype, value),
    ({ inputs: { x } }) => x.dtype !== 'string',
  );

export const shapeKernels: readonly NativeKernel[] = [
  native<OneInput>(Identity, ({ backend, inputs: { x } }) => backend.alias(x, x.shape)),
  native<OneInput, ReshapeAttrs>(Reshape, ({ backend, inputs: { x }, attrs }) => {
    const size = sizeOf(x.shape);
    const shape = util.inferFromImplicitShape(attrs.shape, size);
    util.assert(sizeOf(shape) === size, () => `reshape: shape [${attrs.shape.join(', ')}] must have ${size} elements`);
    return backend.alias(x, shape);
  }),
  native<{ readonly input: TensorInfo }, ExpandDimsAttrs>(ExpandDims, ({ backend, inputs: { input }, attrs }) => {
    const at = attrs.dim < 0 ? attrs.dim + input.shape.length + 1 : attrs.dim;
    return backend.alias(input, input.shape.toSpliced(at, 0, 1));
  }),
  like(ZerosLike, 0),
  like(OnesLike, 1),
  native<unknown, FillAttrs>(
    Fill,
    ({ backend, attrs: { shape, dtype, value } }) =>
      constant(backend, shape, dtype ?? 'float32', typeof value === 'number' ? value : Number(value)),
    ({ attrs: { value, dtype } }) => typeof value === 'number' && dtype !== 'string',
  ),
];
