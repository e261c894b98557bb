/**
 * The gradient of Relu in one pass instead of three (Step, Cast, Multiply), from the result rather than from the input: y > 0 exactly
 * where x > 0. The input is often needed by nothing else, and its memory is free again.
 */
import type { BackendWasm } from '@tensorflow/tfjs-backend-wasm';
import {
  engine,
  getBackend,
  getGradient,
  type GradConfig,
  registerGradient,
  Relu,
  type Tensor,
  type TensorInfo,
  unregisterGradient,
  util,
} from '@tensorflow/tfjs-core';
import { f32x4, v128 } from '../assembler/instructions.ts';
import { emitRowwiseKernel, type RowwiseKernel } from '../emit/rowwise-kernel.ts';
import { runtimeOf } from '../host/runtime.ts';
import { addKernel } from './replace-kernel.ts';
import { writingAll } from './outputs.ts';

const RELU_GRADIENT = 'ReluGradient';

/** dy * step(y), a product as in tfjs: NaN stays NaN, and an infinite dy of an inactive unit becomes one. */
const KERNEL: RowwiseKernel = {
  matrices: 2,
  vectors: 0,
  compute: ([y, dy]) => {
    const isPositive = v128.and(f32x4.less(v128.zero, y), f32x4.constant(1));
    const isNaN = f32x4.ne(y, y); // all bits set, which is a NaN itself
    return f32x4.mul(dy, v128.or(isPositive, isNaN));
  },
};

export function registerReluGradient(): void {
  addKernel(RELU_GRADIENT, ({ inputs, backend }) => {
    const { y, dy } = inputs as Record<'y' | 'dy', TensorInfo>;
    const { host, modules } = runtimeOf(backend as BackendWasm);
    const [from, dyFrom] = [y, dy].map((tensor) => host.addressOf(tensor));
    const { run } = modules.get('relu gradient', () => emitRowwiseKernel(KERNEL));
    return writingAll(host, [y.shape], ([dx]) => run(1, util.sizeFromShape(y.shape), dx, from, dyFrom));
  });
  const stock: GradConfig = getGradient(Relu);
  if (stock === undefined || ours.has(stock)) return;
  const config: GradConfig = {
    kernelName: Relu,
    outputsToSave: [true],
    gradFunc: (dy, [y], attrs) => {
      const isServed = getBackend() === 'wasm' && y.dtype === 'float32';
      return isServed ? { x: () => gradient(y, dy as Tensor) } : stock.gradFunc(dy, [y], attrs);
    },
  };
  ours.add(config);
  unregisterGradient(Relu);
  registerGradient(config);
}

const ours = new WeakSet<GradConfig>();

function gradient(y: Tensor, dy: Tensor): Tensor {
  const [dx]: Tensor[] = engine().runKernel(RELU_GRADIENT, { y, dy });
  return dx;
}
