/** The four kernels of the webgl backend. */
import type { HetConvKernels } from '@hetconv/core';
import type { MathBackendWebGL } from '@tensorflow/tfjs-backend-webgl';
import { requireContext } from './context.ts';
import { pointwiseGradient, spatialGradient } from './filter-gradient.ts';
import { sumTaps } from './sum.ts';
import { choose, forwardVariants, inputGradientVariants, spatialGradientVariants, variants } from './variants.ts';

export const webglKernels: HetConvKernels<MathBackendWebGL> = {
  provider: '@hetconv/backend-webgl',
  variants,

  forward({ backend, plan, x, pointwise, spatial, ...epilogue }) {
    requireContext(backend);
    const variant = choose(forwardVariants, plan);
    return sumTaps({ backend, plan, direction: 'forward', variant, images: x, pointwise, spatial, epilogue });
  },

  inputGradient({ backend, plan, dy, pointwise, spatial }) {
    requireContext(backend);
    const variant = choose(inputGradientVariants, plan);
    return sumTaps({ backend, plan, direction: 'backward', variant, images: dy, pointwise, spatial });
  },

  pointwiseGradient(call) {
    requireContext(call.backend);
    return pointwiseGradient(call);
  },

  spatialGradient(call) {
    requireContext(call.backend);
    return spatialGradient(call, choose(spatialGradientVariants, call.plan));
  },
};
