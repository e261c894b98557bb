/**
 * What a backend implements: four functions, each of one plan and its tensors. Everything else - argument checks,
 * formats, gradients, fallback for activations under a tape - is done in front of them by the ops.
 */
import type { KernelBackend, TensorInfo } from '@tensorflow/tfjs-core';
import type { HetConvPlan } from '../spec/plan.ts';

/** The activations of `tf.fused.conv2d`. */
export type Activation = 'linear' | 'relu' | 'relu6' | 'prelu' | 'elu' | 'leakyrelu' | 'sigmoid';

/** The four passes; a variant serves one of them. */
export type Pass = 'forward' | 'inputGradient' | 'pointwiseGradient' | 'spatialGradient';

/** What follows the sum, in one kernel: y = activation(sum + bias). */
export interface Epilogue {
  /** [N] */
  readonly bias?: TensorInfo;
  readonly activation: Activation;
  /** [N] or broadcastable to y's last axis; given exactly when activation is 'prelu'. */
  readonly preluActivationWeights?: TensorInfo;
  /** Slope of 'leakyrelu' below 0. */
  readonly leakyreluAlpha: number;
}

export interface ForwardCall<B> extends Epilogue {
  readonly backend: B;
  readonly plan: HetConvPlan;
  /** [batch, inHeight, inWidth, M], float32 */
  readonly x: TensorInfo;
  /** [1, 1, M, N] */
  readonly pointwise: TensorInfo;
  /** [T, Q, N] */
  readonly spatial: TensorInfo;
}

export interface InputGradientCall<B> {
  readonly backend: B;
  readonly plan: HetConvPlan;
  /** [batch, outHeight, outWidth, N] */
  readonly dy: TensorInfo;
  readonly pointwise: TensorInfo;
  readonly spatial: TensorInfo;
}

export interface FilterGradientCall<B> {
  readonly backend: B;
  readonly plan: HetConvPlan;
  readonly x: TensorInfo;
  readonly dy: TensorInfo;
}

/** One implementation of one pass. The first variant of a list that accepts a plan is the one that runs. */
export interface KernelVariant {
  /** Says it all: pass, tile, instruction set; e.g. `forward-6x8-relaxedsimd`. */
  readonly name: string;
  readonly pass: Pass;
  /** Output positions and channels computed together: conformance sweeps around their multiples. */
  readonly tile?: { readonly positions: number; readonly channels: number };
  accepts(plan: HetConvPlan): boolean;
}

/**
 * The HetConv kernels of one tfjs backend.
 *
 * Results are fresh tensors of the backend. Inputs are never written. Entries of `spatial` that are no weights
 * (ragged residues) are neither read into y nor given a gradient: their gradient is 0.
 */
export interface HetConvKernels<B extends KernelBackend = KernelBackend> {
  /** The package that brings them, for messages. */
  readonly provider: string;
  /** Every variant, in order of preference; registration, conformance and benchmarks enumerate this one list. */
  readonly variants: readonly KernelVariant[];
  forward(call: ForwardCall<B>): TensorInfo;
  inputGradient(call: InputGradientCall<B>): TensorInfo;
  pointwiseGradient(call: FilterGradientCall<B>): TensorInfo;
  spatialGradient(call: FilterGradientCall<B>): TensorInfo;
}

/** The variant that serves a plan. */
export function variantFor(
  kernels: Pick<HetConvKernels, 'variants'>,
  pass: Pass,
  plan: HetConvPlan,
): KernelVariant | undefined {
  return kernels.variants.find((variant) => variant.pass === pass && variant.accepts(plan));
}
