/** The operations that tfjs has too, by the kernels of its cpu backend. */
import { MathBackendCPU } from '@tensorflow/tfjs-backend-cpu';
import { type DataType, getKernel, type NamedAttrMap, type TensorInfo, type TypedArray } from '@tensorflow/tfjs-core';
import type { Attributes, Kind } from './attributes.ts';
import type { Operation } from './operation.ts';
import { refuse, sizeOf, TYPES, type Value } from './tensor.ts';

const cpu = new MathBackendCPU();

const NAMES: readonly (readonly [number, DataType])[] = [
  [TYPES.TF_FLOAT, 'float32'],
  [TYPES.TF_INT32, 'int32'],
  [TYPES.TF_BOOL, 'bool'],
];

/** How an operation reads as a tfjs kernel: tensors and attributes of that, from inputs and attributes of this. */
type Call = (
  inputs: readonly Value[],
  attributes: Attributes,
) => { inputs: readonly Value[] | Record<string, Value>; attributes?: NamedAttrMap };

function stock(kernelName: string, attributes: Readonly<Record<string, Kind>>, call: Call): Operation {
  return {
    attributes,
    run: (given, values) => {
      const { inputs, attributes: attrs = {} } = call(given, values);
      const infos = Object.entries(inputs).map(([key, value]): [string, TensorInfo] => [key, toInfo(value)]);
      const named = Array.isArray(inputs) ? infos.map(([, info]) => info) : Object.fromEntries(infos);
      const kernel = getKernel(kernelName, 'cpu');
      if (kernel === undefined) return refuse(`the stand-in finds no kernel ${kernelName}`);
      const results = [kernel.kernelFunc({ inputs: named as Record<string, TensorInfo>, attrs, backend: cpu })].flat();
      const [{ dataId, shape, dtype }] = results;
      const data = (cpu.data.get(dataId).values as TypedArray).slice() as Value['data'];
      for (const info of [...infos.map(([, one]) => one), ...results]) cpu.disposeData(info.dataId, true);
      return { shape: [...shape], dtype: typeOf(dtype), data };
    },
  };
}

function toInfo({ shape, dtype, data }: Value): TensorInfo {
  return cpu.makeTensorInfo([...shape], nameOf(dtype), data);
}

function nameOf(type: number): DataType {
  return NAMES.find(([known]) => known === type)?.[1] ?? refuse(`the stand-in has no tensors of type ${type}`);
}

function typeOf(name: string): number {
  return NAMES.find(([, known]) => known === name)?.[0] ?? refuse(`the stand-in has no tensors of type ${name}`);
}

const T: Readonly<Record<string, Kind>> = { T: 'type' };
const numbers = ({ data }: Value): number[] => [...data];
const unary = (kernelName: string): Operation => stock(kernelName, T, ([x]) => ({ inputs: { x } }));
const binary = (kernelName: string): Operation => stock(kernelName, T, ([a, b]) => ({ inputs: { a, b } }));

export const STOCK: Readonly<Record<string, Operation>> = {
  Abs: unary('Abs'),
  Elu: unary('Elu'),
  IsNan: unary('IsNan'),
  Relu: unary('Relu'),
  Relu6: unary('Relu6'),
  Sigmoid: unary('Sigmoid'),
  ZerosLike: unary('ZerosLike'),
  Add: binary('Add'),
  Mul: binary('Multiply'),
  Sub: binary('Sub'),
  Greater: binary('Greater'),
  LessEqual: binary('LessEqual'),
  EluGrad: stock('EluGrad', T, ([dy, y]) => ({ inputs: { dy, y } })),
  LeakyRelu: stock('LeakyRelu', { ...T, alpha: 'float' }, ([x], { alpha }) => ({
    inputs: { x },
    attributes: { alpha: alpha as number },
  })),
  Cast: stock('Cast', { SrcT: 'type', DstT: 'type', Truncate: 'bool' }, ([x], { DstT }) => ({
    inputs: { x },
    attributes: { dtype: nameOf(DstT as number) },
  })),
  Reshape: {
    attributes: { ...T, Tshape: 'type' },
    run: ([x, shape]) => {
      const asked = numbers(shape);
      const known = sizeOf(asked.filter((side) => side !== -1));
      return { ...x, shape: asked.map((side) => (side === -1 ? x.data.length / known : side)) };
    },
  },
  Fill: stock('Fill', { ...T, index_type: 'type' }, ([shape, { data, dtype }]) => ({
    inputs: {},
    attributes: { shape: numbers(shape), value: data[0], dtype: nameOf(dtype) },
  })),
  Slice: stock('Slice', { ...T, Index: 'type' }, ([x, begin, size]) => ({
    inputs: { x },
    attributes: { begin: numbers(begin), size: numbers(size) },
  })),
  StridedSlice: stock(
    'StridedSlice',
    {
      ...T,
      Index: 'type',
      begin_mask: 'int',
      end_mask: 'int',
      ellipsis_mask: 'int',
      new_axis_mask: 'int',
      shrink_axis_mask: 'int',
    },
    ([x, begin, end, strides], masks) => ({
      inputs: { x },
      attributes: {
        begin: numbers(begin),
        end: numbers(end),
        strides: numbers(strides),
        beginMask: masks.begin_mask as number,
        endMask: masks.end_mask as number,
        ellipsisMask: masks.ellipsis_mask as number,
        newAxisMask: masks.new_axis_mask as number,
        shrinkAxisMask: masks.shrink_axis_mask as number,
      },
    }),
  ),
  Transpose: stock('Transpose', { ...T, Tperm: 'type' }, ([x, perm]) => ({
    inputs: { x },
    attributes: { perm: numbers(perm) },
  })),
  PadV2: stock('PadV2', { ...T, Tpaddings: 'type' }, ([x, paddings, constant]) => {
    const sizes = numbers(paddings);
    if (sizes.some((size) => size < 0)) refuse(`Paddings must be non-negative: ${sizes.join(' ')}`);
    const pairs = x.shape.map((_, axis): [number, number] => [sizes[2 * axis], sizes[2 * axis + 1]]);
    return { inputs: { x }, attributes: { paddings: pairs, constantValue: constant.data[0] } };
  }),
  ConcatV2: stock('Concat', { ...T, N: 'int', Tidx: 'type' }, (inputs) => ({
    inputs: inputs.slice(0, -1),
    attributes: { axis: (inputs.at(-1) as Value).data[0] },
  })),
  Pack: stock('Pack', { ...T, N: 'int', axis: 'int' }, (inputs, { axis }) => ({
    inputs,
    attributes: { axis: axis as number },
  })),
  ReverseV2: stock('Reverse', { ...T, Tidx: 'type' }, ([x, dims]) => ({
    inputs: { x },
    attributes: { dims: numbers(dims) },
  })),
  Select: stock('Select', T, ([condition, t, e]) => ({ inputs: { condition, t, e } })),
  Tile: stock('Tile', { ...T, Tmultiples: 'type' }, ([x, reps]) => ({
    inputs: { x },
    attributes: { reps: numbers(reps) },
  })),
  Sum: stock('Sum', { ...T, keep_dims: 'bool', Tidx: 'type' }, ([x, axis], { keep_dims: keepDims }) => ({
    inputs: { x },
    attributes: { axis: numbers(axis), keepDims: keepDims as boolean },
  })),
  GatherV2: stock(
    'GatherV2',
    { batch_dims: 'int', Tparams: 'type', Tindices: 'type', Taxis: 'type' },
    ([x, indices, axis], { batch_dims: batchDims }) => ({
      inputs: { x, indices },
      attributes: { axis: axis.data[0], batchDims: batchDims as number },
    }),
  ),
  BatchMatMulV2: stock('BatchMatMul', { ...T, adj_x: 'bool', adj_y: 'bool' }, ([a, b], attributes) => ({
    inputs: { a, b },
    attributes: { transposeA: attributes.adj_x as boolean, transposeB: attributes.adj_y as boolean },
  })),
  Complex: {
    attributes: { ...T, Tout: 'type' },
    run: ([real, imaginary]) => ({
      shape: real.shape,
      dtype: TYPES.TF_COMPLEX64,
      data: Float32Array.from(
        { length: 2 * real.data.length },
        (_, i) => (i % 2 === 0 ? real : imaginary).data[i >> 1],
      ),
    }),
  },
};
