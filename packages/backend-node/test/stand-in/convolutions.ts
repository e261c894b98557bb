/** TensorFlow's convolutions and their gradients in float64, in groups, with what TensorFlow 2.9 refuses on each device. */
import type { Kind } from './attributes.ts';
import { forEachRun, type Geometry, geometryOf } from './geometry.ts';
import type { Operation } from './operation.ts';
import { refuse, sizeOf, TYPES, type Value } from './tensor.ts';

const WINDOW: Readonly<Record<string, Kind>> = {
  T: 'type',
  strides: 'list',
  padding: 'string',
  explicit_paddings: 'list',
  data_format: 'string',
  dilations: 'list',
};

const CONVOLUTION: Readonly<Record<string, Kind>> = { ...WINDOW, use_cudnn_on_gpu: 'bool' };

export const CONVOLUTIONS: Readonly<Record<string, Operation>> = {
  Conv2D: {
    attributes: CONVOLUTION,
    run: ([x, filter], attributes, { isGpu }) => {
      const geometry = geometryOf(attributes, x.shape, filter.shape);
      if (!isGpu && geometry.groups > 1) refuse('grouped convolutions are slow on CPU, and not to be asked for there');
      return forward(geometry, x, filter);
    },
  },

  DepthwiseConv2dNative: {
    attributes: WINDOW,
    run: ([x, filter], attributes) => {
      const [height, width, channels, multiplier] = filter.shape;
      // The filter of a depthwise convolution is, in memory, that of as many groups as there are channels.
      const geometry = geometryOf(attributes, x.shape, [height, width, 1, channels * multiplier]);
      if (geometry.rows.stride !== geometry.cols.stride) refuse('only equal length strides are supported');
      if (geometry.rows.dilation * geometry.cols.dilation !== 1) refuse('TensorFlow would ignore these dilations');
      return forward(geometry, x, filter);
    },
  },

  Conv2DBackpropInput: {
    attributes: CONVOLUTION,
    run: ([sizes, filter, dy], attributes, { isGpu }) => {
      const geometry = geometryOf(attributes, [...sizes.data], filter.shape);
      requireGradient(geometry, dy, isGpu);
      return sum([...sizes.data], (sums) => {
        forEachRun(geometry, (x, y, weight, count) => {
          for (let n = 0; n < count; n++) sums[x] += dy.data[y + n] * filter.data[weight + n];
        });
      });
    },
  },

  Conv2DBackpropFilter: {
    attributes: CONVOLUTION,
    run: ([x, sizes, dy], attributes, { isGpu }) => {
      const geometry = geometryOf(attributes, x.shape, [...sizes.data]);
      requireGradient(geometry, dy, isGpu);
      return sum([...sizes.data], (sums) => {
        forEachRun(geometry, (xi, y, weight, count) => {
          for (let n = 0; n < count; n++) sums[weight + n] += x.data[xi] * dy.data[y + n];
        });
      });
    },
  },
};

function forward(geometry: Geometry, x: Value, filter: Value): Value {
  return sum(outputShape(geometry), (sums) => {
    forEachRun(geometry, (xi, y, weight, count) => {
      for (let n = 0; n < count; n++) sums[y + n] += x.data[xi] * filter.data[weight + n];
    });
  });
}

function outputShape({ batch, rows, cols, filters }: Geometry): number[] {
  return [batch, rows.outSize, cols.outSize, filters];
}

function requireGradient(geometry: Geometry, dy: Value, isGpu: boolean): void {
  const expected = outputShape(geometry);
  if (dy.shape.join() !== expected.join())
    refuse(`out_backprop is [${dy.shape.join()}], but [${expected.join()}] is computed`);
  if (isGpu) return;
  if (geometry.groups > 1) refuse('Gradients for grouped convolutions are not supported on CPU');
  if (geometry.rows.dilation * geometry.cols.dilation !== 1) {
    refuse('Current CPU implementations do not yet support dilation rates larger than 1');
  }
}

/** A float32 tensor of sums that are kept in float64. */
function sum(shape: readonly number[], fill: (sums: Float64Array) => void): Value {
  const sums = new Float64Array(sizeOf(shape));
  fill(sums);
  return { shape, dtype: TYPES.TF_FLOAT, data: Float32Array.from(sums) };
}
