/** Kernels that look elements up by index. */
import {
  backend_util,
  GatherV2,
  type GatherV2Attrs,
  OneHot,
  type OneHotAttrs,
  type TensorInfo,
  util,
} from '@tensorflow/tfjs-core';
import { native, type NativeKernel, sizeOf } from './native.ts';
import { wordOf } from './shape.ts';

interface GatherInputs {
  readonly x: TensorInfo;
  readonly indices: TensorInfo;
}

/** An index out of range gives 0: to refuse it, as tfjs's cpu backend does, would mean to wait for the device. */
const gather = native<GatherInputs, GatherV2Attrs>(
  GatherV2,
  ({ backend, inputs: { x, indices }, attrs }) => {
    const [axis] = util.parseAxisParam(attrs.axis, [...x.shape]);
    const info = backend_util.segment_util.collectGatherOpShapeInfo(x, indices, axis, attrs.batchDims ?? 0);
    const y = backend.allocate(info.outputShape, x.dtype);
    const size = sizeOf(info.outputShape);
    const [from, at, to] = [x, indices, y].map((tensor) => backend.pointer(tensor));
    const perBatch = sizeOf(indices.shape) / info.batchSize;
    const { outerSize, dimSize, sliceSize } = info;
    backend.launchOver('gather', size, from, at, to, size, outerSize, dimSize, sliceSize, perBatch);
    return y;
  },
  ({ inputs: { x, indices } }) => x.dtype !== 'string' && indices.dtype === 'int32',
);

const oneHot = native<{ readonly indices: TensorInfo }, OneHotAttrs>(
  OneHot,
  ({ backend, inputs: { indices }, attrs: { depth, onValue, offValue, dtype } }) => {
    const shape = [...indices.shape, depth];
    const y = backend.allocate(shape, dtype);
    const size = sizeOf(shape);
    const [on, off] = [onValue, offValue].map((value) => wordOf(value, dtype) | 0);
    backend.launchOver('one_hot', size, backend.pointer(indices), backend.pointer(y), size, depth, on, off);
    return y;
  },
  ({ inputs: { indices } }) => indices.dtype === 'int32',
);

export const gatherKernels: readonly NativeKernel[] = [gather, oneHot];
