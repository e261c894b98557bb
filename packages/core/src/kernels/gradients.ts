/**
 * Gradients of the two HetConv kernels. The op is bilinear, so each gradient is one more kernel of the same plan.
 * A gradient is computed only when the tape asks for it: frozen weights cost nothing.
 */
import { backend_util, engine, type GradConfig, type NamedAttrMap, type Tensor } from '@tensorflow/tfjs-core';
import { HET_CONV_2D, FUSED_HET_CONV_2D, INPUT_GRADIENT, POINTWISE_GRADIENT, SPATIAL_GRADIENT } from './names.ts';

type Gradients = Record<'x' | 'pointwise' | 'spatial', () => Tensor>;

function gradients(dy: Tensor, saved: Tensor[], attrs: NamedAttrMap): Gradients {
  const [x, pointwise, spatial] = saved;
  const plan = { plan: attrs.plan };
  return {
    x: () => engine().runKernel(INPUT_GRADIENT, { dy, pointwise, spatial }, plan),
    pointwise: () => engine().runKernel(POINTWISE_GRADIENT, { x, dy }, plan),
    spatial: () => engine().runKernel(SPATIAL_GRADIENT, { x, dy }, plan),
  };
}

export const hetConv2DGradient: GradConfig = {
  kernelName: HET_CONV_2D,
  inputsToSave: ['x', 'pointwise', 'spatial'],
  gradFunc: (dy, saved, attrs) => ({ ...gradients(dy as Tensor, saved, attrs) }),
};

/** Only activation 'linear' runs under a tape (the op composes the others), so the bias gradient is a plain sum. */
export const fusedHetConv2DGradient: GradConfig = {
  kernelName: FUSED_HET_CONV_2D,
  inputsToSave: ['x', 'pointwise', 'spatial', 'bias'],
  gradFunc: (dy, saved, attrs) => ({
    ...gradients(dy as Tensor, saved, attrs),
    bias: () => backend_util.getFusedBiasGradient(saved[3], dy as Tensor),
  }),
};
