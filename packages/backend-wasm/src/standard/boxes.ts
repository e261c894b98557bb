/**
 * Slice, SplitV, Concat and PadV2 by copies of rows. The stock Slice first reads all of x out of the Wasm memory, SplitV does so for
 * each part; grouped convolutions, the shortcuts of residual networks and the gradients of both are made of them.
 */
import type { BackendWasm } from '@tensorflow/tfjs-backend-wasm';
import {
  backend_util,
  Concat,
  type ConcatAttrs,
  type KernelFunc,
  PadV2,
  type PadV2Attrs,
  Slice,
  slice_util,
  type SliceAttrs,
  SplitV,
  type SplitVAttrs,
  type TensorInfo,
  util,
} from '@tensorflow/tfjs-core';
import { type CopyRun, emitCopyKernel } from '../emit/copy-kernel.ts';
import { type Runtime, runtimeOf } from '../host/runtime.ts';
import { replaceKernel } from './replace-kernel.ts';

export function registerBoxes(): void {
  replaceKernel(Slice, (stock): KernelFunc => (args) => {
    const x = args.inputs.x as TensorInfo;
    const { begin, size } = args.attrs as unknown as SliceAttrs;
    return hasFourBytes(x) ? slice(args.backend as BackendWasm, x, begin, size) : stock(args);
  });
  replaceKernel(SplitV, (stock): KernelFunc => (args) => {
    const x = args.inputs.x as TensorInfo;
    const { numOrSizeSplits, axis } = args.attrs as unknown as SplitVAttrs;
    return hasFourBytes(x) ? split(args.backend as BackendWasm, x, numOrSizeSplits, axis) : stock(args);
  });
  replaceKernel(Concat, (stock): KernelFunc => (args) => {
    const parts = Object.values(args.inputs) as TensorInfo[];
    const { axis } = args.attrs as unknown as ConcatAttrs;
    const isServed = parts.every((part) => hasFourBytes(part) && part.dtype === parts[0].dtype);
    return isServed ? concat(args.backend as BackendWasm, parts, axis) : stock(args);
  });
  replaceKernel(PadV2, (stock): KernelFunc => (args) => {
    const x = args.inputs.x as TensorInfo;
    const { paddings, constantValue } = args.attrs as unknown as PadV2Attrs;
    return hasFourBytes(x) ? pad(args.backend as BackendWasm, x, paddings, constantValue) : stock(args);
  });
}

const hasFourBytes = ({ dtype }: TensorInfo): boolean => dtype === 'float32' || dtype === 'int32';

function slice(backend: BackendWasm, x: TensorInfo, begin: number | number[], size: number | number[]): TensorInfo {
  const runtime = runtimeOf(backend);
  const [starts, sizes] = slice_util.parseSliceParams(x, begin, size);
  slice_util.assertParamsValid(x, starts, sizes);
  const strides = stridesOf(x.shape);
  const from = runtime.host.addressOf(x) + 4 * offsetOf(starts, strides);
  const { output, address } = newTensor(runtime, sizes, x.dtype);
  copyBox(runtime, sizes, { address: from, strides }, { address, strides: stridesOf(sizes) });
  return output;
}

function split(backend: BackendWasm, x: TensorInfo, numOrSizes: number[] | number, axis: number): TensorInfo[] {
  const [along] = util.parseAxisParam(axis, x.shape);
  let start = 0;
  return backend_util.prepareSplitSize(x, numOrSizes, along).map((side) => {
    const begin = x.shape.map((_, i) => (i === along ? start : 0));
    start += side;
    return slice(
      backend,
      x,
      begin,
      x.shape.map((whole, i) => (i === along ? side : whole)),
    );
  });
}

function concat(backend: BackendWasm, parts: readonly TensorInfo[], axis: number): TensorInfo {
  const runtime = runtimeOf(backend);
  const shapes = parts.map(({ shape }) => shape);
  const [along] = util.parseAxisParam(axis, shapes[0]);
  backend_util.assertParamsConsistent(shapes, along);
  const shape = backend_util.computeOutShape(shapes, along);
  const sources = parts.map((part) => runtime.host.addressOf(part));
  const { output, address } = newTensor(runtime, shape, parts[0].dtype);
  const strides = stridesOf(shape);
  let start = 0;
  for (const [i, part] of shapes.entries()) {
    const to = { address: address + 4 * start * strides[along], strides };
    copyBox(runtime, part, { address: sources[i], strides: stridesOf(part) }, to);
    start += part[along];
  }
  return output;
}

function pad(
  backend: BackendWasm,
  x: TensorInfo,
  paddings: readonly (readonly [number, number])[],
  value: number,
): TensorInfo {
  const runtime = runtimeOf(backend);
  const { host } = runtime;
  const from = host.addressOf(x);
  const shape = x.shape.map((side, axis) => paddings[axis][0] + side + paddings[axis][1]);
  const { output, address } = newTensor(runtime, shape, x.dtype);
  const values = x.dtype === 'float32' ? host.floats() : host.ints();
  values.fill(value, address / 4, address / 4 + util.sizeFromShape(shape));
  const strides = stridesOf(shape);
  const before = paddings.map(([first]) => first);
  const to = { address: address + 4 * offsetOf(before, strides), strides };
  copyBox(runtime, x.shape, { address: from, strides: stridesOf(x.shape) }, to);
  return output;
}

/** Values of 4 bytes in the Wasm memory; strides in values. */
interface Box {
  readonly address: number;
  readonly strides: readonly number[];
}

function copyBox({ modules }: Runtime, size: readonly number[], from: Box, to: Box): void {
  if (size.includes(0)) return;
  // The last axes that lie together on both sides are one row.
  let rows = size.length;
  let length = 1;
  while (rows > 0 && from.strides[rows - 1] === length && to.strides[rows - 1] === length) length *= size[--rows];
  const { run } = modules.get('copy', emitCopyKernel);
  /** The axes from `axis` on, of which the last before the rows is left to the kernel. */
  const copy = (axis: number, source: number, target: number): void => {
    const [sourceStride, targetStride] = [4 * (from.strides[axis] ?? 0), 4 * (to.strides[axis] ?? 0)];
    if (axis >= rows - 1) {
      const args: Parameters<CopyRun> = [
        rows === 0 ? 1 : size[axis],
        length,
        source,
        sourceStride,
        target,
        targetStride,
      ];
      run(...args);
      return;
    }
    for (let i = 0; i < size[axis]; i++) copy(axis + 1, source + i * sourceStride, target + i * targetStride);
  };
  copy(0, from.address, to.address);
}

function newTensor(
  { host }: Runtime,
  shape: readonly number[],
  dtype: TensorInfo['dtype'],
): { output: TensorInfo; address: number } {
  const address = host.allocate(4 * util.sizeFromShape([...shape]), 'a tensor');
  return { output: host.backend.makeOutput([...shape], dtype, address), address };
}

function stridesOf(shape: readonly number[]): number[] {
  const strides = shape.map(() => 1);
  for (let axis = shape.length - 2; axis >= 0; axis--) strides[axis] = strides[axis + 1] * shape[axis + 1];
  return strides;
}

const offsetOf = (place: readonly number[], strides: readonly number[]): number =>
  place.reduce((sum, index, axis) => sum + index * strides[axis], 0);
