/**
 * HetConv kernels in SIMD WebAssembly for the tfjs wasm backend. Importing this registers nothing;
 * call `register()`, or import '@hetconv/backend-wasm/register'.
 */
import { type BackendProvider, type HetConvKernels, registerHetConvKernels } from '@hetconv/core';
import type { BackendWasm } from '@tensorflow/tfjs-backend-wasm';
import { detectInstructionSet, type InstructionSet, requireInstructionSet } from './host/instruction-set.ts';
import { createWasmKernels } from './kernels.ts';
import { createProvider } from './provider.ts';
import { registerNormalizationKernel } from './standard/batch-normalization.ts';
import { registerBatchNormTraining } from './standard/batch-norm-training.ts';
import { registerBoxes } from './standard/boxes.ts';
import { registerForwardKernels } from './standard/conv2d.ts';
import { registerMatMul } from './standard/mat-mul.ts';
import { registerMaxPoolGradient } from './standard/max-pool-gradient.ts';
import { registerReluGradient } from './standard/relu-gradient.ts';
import { registerSharing } from './standard/sharing.ts';
import { registerTile } from './standard/tile.ts';
import { registerGradientKernels } from './standard/training.ts';

export { createWasmKernels } from './kernels.ts';
export { setThreads } from './host/runtime.ts';
export { detectInstructionSet } from './host/instruction-set.ts';
export type { InstructionSet } from './host/instruction-set.ts';

let kernels: HetConvKernels<BackendWasm> | undefined;

/**
 * The kernels for the best instruction set of this engine.
 *
 * @throws UnsupportedError where Wasm SIMD is missing
 */
export function wasmKernels(): HetConvKernels<BackendWasm> {
  kernels ??= createWasmKernels(bestInstructionSet());
  return kernels;
}

/** Registers the kernels for the tfjs backend 'wasm'. Twice is a no-op. */
export function register(): void {
  registerHetConvKernels('wasm', wasmKernels());
}

/**
 * Makes convolutional networks trainable on wasm, and fast: the kernels that stock tfjs lacks there (Conv2DBackpropFilter and both
 * gradients of the depthwise convolution); faster Conv2DBackpropInput, BatchMatMul, MaxPoolGrad, Tile, Slice, SplitV, Concat and
 * PadV2; Identity, which saves tensors for the gradient, without a copy; the gradient of Relu as one kernel; `batchNormTraining` of
 * @hetconv/core, which `fuseBatchNormalization` of @hetconv/layers brings into tf.layers. Twice is a no-op.
 *
 * @throws UnsupportedError where Wasm SIMD is missing
 */
export function registerTrainingKernels(): void {
  const instructionSet = bestInstructionSet();
  registerGradientKernels(instructionSet);
  registerMatMul(instructionSet);
  registerTile();
  registerBoxes();
  registerMaxPoolGradient();
  registerSharing();
  registerReluGradient();
  registerBatchNormTraining();
}

/**
 * Opt-in: serves tfjs's own Conv2D and FusedConv2D by the P = 1 kernel; bias or slopes that are not one per channel, and
 * 'NCHW', stay with the stock kernel. Twice is a no-op.
 *
 * @throws UnsupportedError where Wasm SIMD is missing
 */
export function registerConv2D(): void {
  registerForwardKernels(bestInstructionSet());
}

/**
 * Opt-in: a faster FusedBatchNorm (the normalisation of inference). Moments that are not one per channel stay with the
 * stock kernel. Twice is a no-op.
 *
 * @throws UnsupportedError where Wasm SIMD is missing
 */
export function registerBatchNormalization(): void {
  requireInstructionSet('simd');
  registerNormalizationKernel();
}

/** Where there is none, the weakest: asking for it throws the error that says so. */
function bestInstructionSet(): InstructionSet {
  const best = detectInstructionSet();
  const chosen = best === 'none' ? 'simd' : best;
  requireInstructionSet(chosen);
  return chosen;
}

export const backend: BackendProvider = createProvider(
  () => wasmKernels(),
  register,
  () => {
    registerTrainingKernels();
    registerConv2D();
    registerBatchNormalization(); // of the tests between the epochs
  },
);
