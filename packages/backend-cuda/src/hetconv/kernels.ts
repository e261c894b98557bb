/** The HetConv kernels of this backend. */
import { type HetConvKernels, inputShape, pointwiseShape, spatialShape } from '@hetconv/core';
import type { CudaBackend } from '../backend.ts';
import { filterGradient } from './filter-gradient.ts';
import { sum, type Weights } from './sum.ts';
import {
  forwardVariants,
  inputGradientVariants,
  pointwiseGradientVariants,
  spatialGradientVariants,
} from './variants.ts';

export const cudaKernels: HetConvKernels<CudaBackend> = {
  provider: '@hetconv/backend-cuda',
  variants: [...forwardVariants, ...inputGradientVariants, ...pointwiseGradientVariants, ...spatialGradientVariants],

  forward: ({ backend, plan, x, pointwise, spatial, ...epilogue }) =>
    sum(backend, plan, 'forward', x, weightsOf(backend, pointwise, spatial), epilogue),

  inputGradient: ({ backend, plan, dy, pointwise, spatial }) => {
    const dx = sum(backend, plan, 'inputGradient', dy, weightsOf(backend, pointwise, spatial), {});
    return { ...dx, shape: inputShape(plan) };
  },

  pointwiseGradient: ({ backend, plan, x, dy }) => filterGradient(backend, plan, 'anchor', x, dy, pointwiseShape(plan)),

  spatialGradient: ({ backend, plan, x, dy }) => filterGradient(backend, plan, 'ring', x, dy, spatialShape(plan)),
};

type Tensor = Parameters<CudaBackend['pointer']>[0];

function weightsOf(backend: CudaBackend, pointwise: Tensor, spatial: Tensor): Weights {
  return { pointwise: backend.pointer(pointwise), spatial: backend.pointer(spatial), isDense: false };
}
