/** HetConv for TensorFlow.js: the operator, its specification, its weights. Kernels come with the backend packages. */
export { hetConv2d } from './ops/het-conv2d.ts';
export * as fused from './ops/fused.ts';
export type { FusedHetConvOptions } from './ops/fused.ts';
export type { HetConvOptions, Images } from './ops/arguments.ts';
export { batchNormTraining } from './ops/batch-norm-training.ts';
export type { BatchNormTrainingOptions, Normalized } from './ops/batch-norm-training.ts';

export * from './errors.ts';

export { composedKernels, composedProvider, createComposedKernels, registerComposed } from './composed/kernels.ts';
export type { ComposedOptions } from './composed/kernels.ts';
export type { Form, SupportsForm } from './composed/forms.ts';
// What a backend needs to compose a pass of its own.
export { applyEpilogue } from './composed/forward.ts';
export { cropImages } from './composed/crop.ts';
export { explicitPads } from './composed/window.ts';

export { registerHetConvKernels, unregisterHetConvKernels, hetConvKernelsOf } from './kernels/register.ts';
export { registerBatchNormKernels } from './kernels/batch-norm.ts';
export type { BatchNormCall, BatchNormGradientCall, BatchNormKernels } from './kernels/batch-norm.ts';
export { variantFor } from './kernels/kernels.ts';
export type {
  Activation,
  Epilogue,
  FilterGradientCall,
  ForwardCall,
  HetConvKernels,
  InputGradientCall,
  KernelVariant,
  Pass,
} from './kernels/kernels.ts';
export { requestBeyond } from './kernels/provider.ts';
export type { Availability, BackendProvider, BackendResources, Runtime } from './kernels/provider.ts';

export { fromDense, toDense } from './weights/dense.ts';
export type { HetConvWeights } from './weights/dense.ts';
export { fromGroupedPlusPointwise } from './weights/grouped.ts';
export type { FoldedWeights, GroupOrder } from './weights/grouped.ts';

export * from './spec/index.ts';
