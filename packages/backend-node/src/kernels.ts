/** Which pass runs in which form, on TensorFlow's CPU and GPU devices. Only what a device computes is ever asked of it. */
import {
  createComposedKernels,
  type Form,
  type HetConvKernels,
  type HetConvPlan,
  inputShape,
  type InputGradientCall,
  type KernelVariant,
  toDense,
} from '@hetconv/core';
import { type Tensor3D, type Tensor4D, tidy } from '@tensorflow/tfjs-core';
import type { TensorflowBackend } from './backend.ts';
import { convolveInputGradient, windowOf } from './convolution.ts';
import { groupedForward, groupedInputGradient, groupedSpatialGradient, isGrouped } from './grouped/kernels.ts';

const provider = '@hetconv/backend-node';

/**
 * TensorFlow's DepthwiseConv2dNative refuses strides that differ, and ignores dilations (tensorflow/tensorflow#56498).
 */
function supports(form: Form, plan: HetConvPlan): boolean {
  return (
    form !== 'depthwise' || (plan.strideHeight === plan.strideWidth && plan.dilationHeight * plan.dilationWidth === 1)
  );
}

const composed = createComposedKernels({ provider, supports });

/** At P = M the depthwise convolution has kernels of its own; where TensorFlow can run it, it is preferred to M groups. */
const isGroupedForward = (plan: HetConvPlan): boolean =>
  isGrouped(plan) && !(plan.part === plan.inChannels && supports('depthwise', plan));

const GROUPED: readonly KernelVariant[] = [
  { name: 'forward-grouped-conv2d', pass: 'forward', accepts: isGroupedForward },
  { name: 'inputGradient-grouped-conv2d', pass: 'inputGradient', accepts: isGrouped },
  { name: 'spatialGradient-grouped-conv2d', pass: 'spatialGradient', accepts: isGrouped },
];

/** The composed form has a transposed convolution there, which tfjs-node refuses with explicit padding. */
const isStrided = (plan: HetConvPlan): boolean =>
  Math.max(plan.strideHeight, plan.strideWidth) > 1 &&
  plan.batch * plan.inHeight * plan.inWidth * plan.outHeight * plan.outWidth > 0;

const STRIDED: KernelVariant = { name: 'inputGradient-composed-strided', pass: 'inputGradient', accepts: isStrided };

const cpu: HetConvKernels<TensorflowBackend> = {
  ...composed,
  variants: [STRIDED, ...composed.variants],
  inputGradient: (call) => (isStrided(call.plan) ? stridedInputGradient(call) : composed.inputGradient(call)),
};

const gpu: HetConvKernels<TensorflowBackend> = {
  ...cpu,
  variants: [...GROUPED, ...cpu.variants],
  forward: (call) => (isGroupedForward(call.plan) ? groupedForward(call) : composed.forward(call)),
  inputGradient: (call) => (isGrouped(call.plan) ? groupedInputGradient(call) : cpu.inputGradient(call)),
  spatialGradient: (call) => (isGrouped(call.plan) ? groupedSpatialGradient(call) : composed.spatialGradient(call)),
};

/** The kernels for the device that a 'tensorflow' backend runs on. */
export function kernelsFor(backend: Pick<TensorflowBackend, 'isUsingGpuDevice'>): HetConvKernels<TensorflowBackend> {
  return backend.isUsingGpuDevice ? gpu : cpu;
}

/** dL/dx through the masked dense filter. */
function stridedInputGradient({ backend, plan, ...call }: InputGradientCall<TensorflowBackend>): Tensor4D {
  return tidy(() => {
    const { part, kernelHeight, kernelWidth } = plan;
    const filter = toDense(call.pointwise as Tensor4D, call.spatial as Tensor3D, {
      part,
      kernelSize: [kernelHeight, kernelWidth],
    });
    return convolveInputGradient(backend, inputShape(plan), filter, call.dy as Tensor4D, windowOf(plan));
  });
}
