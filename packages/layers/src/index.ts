/** HetConv for tf.layers: the layer, the baselines it is compared with, and what a model of them costs. */
export { HetConv2D, hetConv2d } from './layers/het-conv2d.ts';
export type { HetConv2DArgs } from './layers/het-conv2d.ts';
export { GroupedConv2D, groupedConv2d } from './layers/grouped-conv2d.ts';
export type { GroupedConv2DArgs } from './layers/grouped-conv2d.ts';
export { DualConv2D, dualConv2d } from './layers/dual-conv2d.ts';
export type { DualConv2DArgs } from './layers/dual-conv2d.ts';
export { IdentityShortcut, identityShortcut } from './layers/identity-shortcut.ts';
export type { IdentityShortcutArgs } from './layers/identity-shortcut.ts';
export { fuseBatchNormalization } from './layers/fused-normalization.ts';
export { registerHetConvLayers } from './layers/registration.ts';
export { clampPart } from './layers/part.ts';
export type { Part } from './layers/part.ts';
export type { Conv2DArgs, InitializerLike } from './layers/options.ts';

export { SeededVarianceScaling, seededInitializer } from './initializers/seeded.ts';
export type { Seed, SeededVarianceScalingArgs } from './initializers/seeded.ts';

export { checkConvKind, CONV_KINDS, usesPart } from './blocks/conv-kind.ts';
export type { ConvKind } from './blocks/conv-kind.ts';
export { groupedConv2d as groupedConv2dOp } from './ops/grouped-conv2d.ts';
export type { GroupedConvOptions } from './ops/grouped-conv2d.ts';
export { convBlock, convLayers } from './blocks/conv-block.ts';
export type { ConvBlockArgs } from './blocks/conv-block.ts';
export { squeezeExcitation } from './blocks/squeeze-excitation.ts';
export type { SqueezeExcitationArgs } from './blocks/squeeze-excitation.ts';

export { modelCosts } from './costs/model-costs.ts';
export type { CostConvention, CostTotals, LayerSummary, ModelCostOptions, ModelCosts } from './costs/model-costs.ts';
export type { CostedLayer, LayerCosts } from './costs/layer-costs.ts';
export { applications } from './costs/walk.ts';
export type { Application } from './costs/walk.ts';

export { convertModel } from './convert/convert-model.ts';
export { foldForInference } from './convert/fold.ts';
export type { Candidate, ConvertOptions } from './convert/convert-model.ts';
export { weightDigest } from './weight-digest.ts';
