/**
 * BatchMatMul of two matrices as 1x1 convolutions, whose three passes are its three forms: a b is the forward pass, a^T b the filter
 * gradient, a b^T the input gradient. The stock kernel is scalar code where anything is transposed, as in the gradients of a dense layer.
 */
import type { BackendWasm } from '@tensorflow/tfjs-backend-wasm';
import {
  backend_util,
  BatchMatMul,
  type BatchMatMulAttrs,
  type KernelFunc,
  type TensorInfo,
} from '@tensorflow/tfjs-core';
import { ringTaps } from '@hetconv/core';
import type { InstructionSet } from '../host/instruction-set.ts';
import { runtimeOf } from '../host/runtime.ts';
import { Passes } from '../passes.ts';
import { denseWeights, standardPlan } from './plans.ts';
import { replaceKernel } from './replace-kernel.ts';

/** Fewer rows do not repay putting b into the order in which the kernel reads it. */
const FEWEST_ROWS = 16;

type Matrix = readonly [rows: number, columns: number];

export function registerMatMul(instructionSet: InstructionSet): void {
  replaceKernel(BatchMatMul, (stock): KernelFunc => (args) => {
    const { a, b } = args.inputs as Record<'a' | 'b', TensorInfo>;
    const { transposeA, transposeB } = args.attrs as unknown as BatchMatMulAttrs;
    const [left, right] = [matrixOf(a), matrixOf(b)];
    if (left === undefined || right === undefined || (transposeA && transposeB)) return stock(args);
    const inner = [left[transposeA ? 0 : 1], right[transposeB ? 1 : 0]];
    if (inner[0] !== inner[1] || left[0] < FEWEST_ROWS) return stock(args); // which says what is wrong
    const passes = new Passes(runtimeOf(args.backend as BackendWasm), instructionSet);
    const columns = right[transposeB ? 0 : 1];
    const shape = [...a.shape.slice(0, -2), transposeA ? left[1] : left[0], columns];
    if (transposeA) {
      const plan = planOf(left[0], left[1], columns);
      const taps = ringTaps({ ...plan, anchorRow: -1 });
      return passes.filterGradient(plan, 1, taps, shape, a, b);
    }
    const plan = transposeB ? planOf(left[0], columns, left[1]) : planOf(left[0], left[1], columns);
    const weights = denseWeights(passes.runtime.host, plan, b);
    const result = transposeB
      ? passes.inputGradient(plan, a, weights)
      : passes.forward(plan, a, weights, { activation: 'linear', leakyreluAlpha: 0 });
    return { ...result, shape };
  });
}

/** undefined: empty, or more than one matrix. */
function matrixOf({ shape, dtype }: TensorInfo): Matrix | undefined {
  const [rows, columns] = shape.slice(-2);
  const isOne = dtype === 'float32' && shape.length >= 2 && shape.slice(0, -2).every((side) => side === 1);
  return isOne && rows > 0 && columns > 0 ? [rows, columns] : undefined;
}

/** Each row an image of one pixel. */
function planOf(rows: number, inChannels: number, outChannels: number): ReturnType<typeof standardPlan> {
  const info = backend_util.computeConv2DInfo([rows, 1, 1, inChannels], [1, 1, inChannels, outChannels], 1, 1, 'valid');
  return standardPlan(info);
}
