/** Forward and input gradient: chooses the kernel, makes the result, launches (kernels/hetconv-sum.cuh). */
import type { TensorInfo } from '@tensorflow/tfjs-core';
import type { CudaBackend } from '../backend.ts';
import type { Handle } from '../driver/api.ts';
import { type EpilogueInputs, epilogueArguments } from '../ops/epilogue.ts';
import type { Plan } from '../ops/windows.ts';
import { choose, forwardVariants, inputGradientVariants } from './variants.ts';

/** Where the weights are: two tensors, or one dense filter seen as two. */
export interface Weights {
  readonly pointwise: Handle;
  readonly spatial: Handle;
  /** True where `spatial` counts the anchor among its taps. */
  readonly isDense: boolean;
}

/**
 * y [batch, outHeight, outWidth, N] from x, or dx [batch, inHeight, inWidth, M] from dy.
 *
 * @param source x or dy, NHWC
 */
export function sum(
  backend: CudaBackend,
  plan: Plan,
  pass: 'forward' | 'inputGradient',
  source: TensorInfo,
  { pointwise, spatial, isDense }: Weights,
  epilogue: EpilogueInputs,
): TensorInfo {
  const isForward = pass === 'forward';
  const { batch, part } = plan;
  const [height, width, targets] = isForward
    ? [plan.outHeight, plan.outWidth, plan.outChannels]
    : [plan.inHeight, plan.inWidth, plan.inChannels];
  const target = backend.allocate([batch, height, width, targets], 'float32');
  const places = batch * height * width;
  if (places * targets === 0) return target;
  const { tileSize, arrangement } = choose(isForward ? forwardVariants : inputGradientVariants, plan);
  const groups = arrangement === 'lanes' ? 1 : Math.min(part, targets);
  const grid = [
    Math.ceil(places / tileSize.rows),
    Math.ceil(Math.ceil(targets / groups) / tileSize.columns),
    groups,
  ] as const;
  const pointers = [backend.pointer(source), pointwise, spatial, backend.pointer(target)] as const;
  const dense = isDense ? 1 : 0;
  // There are no large lanes: the list of variants says so.
  const kernel = `${tileSize.name as 'medium' | 'small'}_${arrangement}` as const;
  if (isForward) {
    const after = epilogueArguments(backend, epilogue);
    backend.launch(`hetconv_forward_${kernel}`, grid, [tileSize.threads], ...pointers, dense, ...after, plan);
  } else {
    backend.launch(`hetconv_input_gradient_${kernel}`, grid, [tileSize.threads], ...pointers, dense, plan);
  }
  return target;
}
