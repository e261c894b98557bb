/** Pooling and its gradients (kernels/pool.cu). */
import {
  AvgPool,
  type AvgPoolAttrs,
  AvgPoolGrad,
  backend_util,
  MaxPool,
  MaxPoolGrad,
  type TensorInfo,
} from '@tensorflow/tfjs-core';
import { native, type NativeKernel, type OneInput, sizeOf } from './native.ts';
import { type Plan, planOf, type Shape4D } from './windows.ts';

function planFor(shape: readonly number[], { filterSize, strides, pad, dimRoundingMode }: AvgPoolAttrs): Plan {
  return planOf(backend_util.computePool2DInfo(shape as Shape4D, filterSize, strides, 1, pad, dimRoundingMode));
}

function pool(name: string, kernel: 'max_pool' | 'average_pool'): NativeKernel {
  return native<OneInput, AvgPoolAttrs>(
    name,
    ({ backend, inputs: { x }, attrs }) => {
      const plan = planFor(x.shape, attrs);
      const y = backend.allocate([plan.batch, plan.outHeight, plan.outWidth, plan.inChannels], 'float32');
      const size = sizeOf(y.shape);
      backend.launchOver(kernel, size, backend.pointer(x), backend.pointer(y), size, plan);
      return y;
    },
    ({ inputs: { x } }) => x.dtype === 'float32',
  );
}

interface GradientInputs {
  readonly dy: TensorInfo;
  readonly input: TensorInfo;
}

export const poolKernels: readonly NativeKernel[] = [
  pool(MaxPool, 'max_pool'),
  pool(AvgPool, 'average_pool'),
  native<GradientInputs, AvgPoolAttrs>(
    MaxPoolGrad,
    ({ backend, inputs: { dy, input }, attrs }) => {
      const plan = planFor(input.shape, attrs);
      const dx = backend.allocate(input.shape, 'float32');
      const size = sizeOf(input.shape);
      const [from, x, to] = [dy, input, dx].map((tensor) => backend.pointer(tensor));
      backend.launchOver('max_pool_gradient', size, from, x, to, size, plan);
      return dx;
    },
    ({ inputs: { input } }) => input.dtype === 'float32',
  ),
  native<GradientInputs, AvgPoolAttrs>(AvgPoolGrad, ({ backend, inputs: { dy, input }, attrs }) => {
    const plan = planFor(input.shape, attrs);
    const dx = backend.allocate(input.shape, 'float32');
    const size = sizeOf(input.shape);
    backend.launchOver('average_pool_gradient', size, backend.pointer(dy), backend.pointer(dx), size, plan);
    return dx;
  }),
];
