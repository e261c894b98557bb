/** The HetConv kernels of this backend. */
import { type HetConvKernels, pointwiseShape, spatialShape } from '@hetconv/core';
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
    backend.attempt(() => sum(backend, plan, 'forward', x, weightsOf(backend, pointwise, spatial), epilogue)),

  inputGradient: ({ backend, plan, dy, pointwise, spatial }) =>
    backend.attempt(() => sum(backend, plan, 'inputGradient', dy, weightsOf(backend, pointwise, spatial), {})),

  pointwiseGradient: ({ backend, plan, x, dy }) =>
    backend.attempt(() => filterGradient(backend, plan, 'anchor', x, dy, pointwiseShape(plan))),

  spatialGradient: ({ backend, plan, x, dy }) =>
    backend.attempt(() => filterGradient(backend, plan, 'ring', x, dy, spatialShape(plan))),
};

type Tensor = Parameters<CudaBackend['pointer']>[0];

function weightsOf(backend: CudaBackend, pointwise: Tensor, spatial: Tensor): Weights {
  return { pointwise: backend.pointer(pointwise), spatial: backend.pointer(spatial), isDense: false };
}
