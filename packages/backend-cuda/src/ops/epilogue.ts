/** What follows a sum in the same kernel: bias and activation, as the arguments that every such kernel takes. */
import type { Activation } from '@hetconv/core';
import type { TensorInfo } from '@tensorflow/tfjs-core';
import type { CudaBackend } from '../backend.ts';
import type { Handle } from '../driver/api.ts';
import { sizeOf } from './native.ts';

/** In the order of the enum of kernels/activation.cuh. */
const ACTIVATIONS: readonly Activation[] = ['linear', 'relu', 'relu6', 'prelu', 'elu', 'leakyrelu', 'sigmoid'];

export interface EpilogueInputs {
  readonly bias?: TensorInfo | null | undefined;
  readonly activation?: string | undefined;
  readonly preluActivationWeights?: TensorInfo | null | undefined;
  readonly leakyreluAlpha?: number | undefined;
}

/** What a convolution reads, fused or not. */
export interface ConvolutionInputs {
  readonly x: TensorInfo;
  readonly filter: TensorInfo;
  readonly bias?: TensorInfo | null;
  readonly preluActivationWeights?: TensorInfo | null;
}

export type EpilogueArguments = readonly [
  bias: Handle,
  slopes: Handle,
  slopeStep: number,
  activation: number,
  alpha: number,
];

/** Whether the kernels compute it: one bias a channel, and one slope a channel or one for all. */
export function hasEpilogue({ bias, activation, preluActivationWeights }: EpilogueInputs, channels: number): boolean {
  const slopes = preluActivationWeights == null ? 1 : sizeOf(preluActivationWeights.shape);
  const isKnown = ACTIVATIONS.includes((activation ?? 'linear') as Activation);
  return isKnown && (bias == null || sizeOf(bias.shape) === channels) && (slopes === 1 || slopes === channels);
}

export function epilogueArguments(backend: CudaBackend, epilogue: EpilogueInputs): EpilogueArguments {
  const { bias, activation = 'linear', preluActivationWeights: slopes, leakyreluAlpha = 0 } = epilogue;
  const slopeStep = slopes != null && sizeOf(slopes.shape) > 1 ? 1 : 0;
  const index = ACTIVATIONS.indexOf(activation as Activation);
  return [backend.pointer(bias), backend.pointer(slopes), slopeStep, index, leakyreluAlpha];
}
